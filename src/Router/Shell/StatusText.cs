using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Configuration;

namespace MulticastLab.Router.Shell;

/// <summary>A short status of the router.</summary>
internal static class StatusText
{
    /// <summary>Asks the router and writes them.</summary>
    /// <exception cref="ControlException">The router is not there.</exception>
    public static string Write(ShellSession session)
    {
        var state = session.Summary();
        var options = ConfigurationReader.Read("configuration", session.Ask("config").GetString()!);
        var (up, queriers) = (state.Interfaces.Count(each => each.Up), state.Interfaces.Count(each => each.Up && each.IsQuerier));
        return $"""
            Control socket  {session.ControlPath}
            Interfaces      {state.Interfaces.Count}, {up} up, querier on {queriers}
            Groups          {state.Interfaces.Sum(each => each.GroupCount)}
            Forwarding      {(options.Forward ? "on" : "off")}
            """;
    }
}
