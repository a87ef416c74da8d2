using MulticastLab.Daemon.Control;

namespace MulticastLab.Router.Daemon;

/// <summary>The commands of the control socket by name. Each part of the router adds its own; all of them run on the loop.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, Action<ControlCall>> commands = new(StringComparer.Ordinal);

    /// <summary>Adds a command.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string name, Action<ControlCall> run) => commands.Add(name, run);

    /// <summary>Runs the command that a client has sent; one that is not here is answered with the names of those that are.</summary>
    public void Run(ControlCall call)
    {
        if (commands.TryGetValue(call.Command, out var run))
            run(call);
        else
            call.Fail($"the router knows no command '{call.Command}', only {Names()}", 2);
    }

    private string Names()
    {
        var names = commands.Keys.Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", names.SkipLast(1)) + " and " + names[^1];
    }
}
