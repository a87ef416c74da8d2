using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Configuration;

namespace MulticastLab.Router.Shell;

/// <summary>The router in a few lines.</summary>
internal static class StatusText
{
    /// <summary>Asks the router and writes them.</summary>
    /// <exception cref="ControlException">The router is not there.</exception>
    public static string Write(ShellSession session)
    {
        var state = session.Summary();
        var options = ConfigurationReader.Read("configuration", session.Ask("config").GetString()!);
        return $"""
            Control socket  {session.ControlPath}
            Interfaces      {state.Interfaces.Count}, {state.Interfaces.Count(each => each.Up)} up, querier on {state.Interfaces.Count(each => each.Up && each.IsQuerier)}
            Groups          {state.Interfaces.Sum(each => each.GroupCount)}
            Forwarding      {(options.Forward ? "on" : "off")}
            """;
    }
}
