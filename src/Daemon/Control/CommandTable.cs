namespace MulticastLab.Daemon.Control;

/// <summary>The commands of the control socket by name. Each part of a daemon adds its own; all of them run on the daemon's loop.</summary>
/// <param name="daemon">The daemon, with its article: <c>the router</c>.</param>
public sealed class CommandTable(string daemon)
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
            call.Fail($"{daemon} knows no command '{call.Command}', only {Names()}", ExitCode.Usage);
    }

    private string Names()
    {
        var names = commands.Keys.Order(StringComparer.Ordinal).ToList();
        return string.Join(", ", names.SkipLast(1)) + " and " + names[^1];
    }
}
