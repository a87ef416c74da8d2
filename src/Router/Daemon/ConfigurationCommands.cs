using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Settings;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;
using MulticastLab.Daemon.Configuration;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// The commands <c>config</c>, <c>set</c>, <c>interface</c>, <c>reload</c> and <c>clear</c>: the configuration of the running router.
/// </summary>
/// <param name="loop">Where the router runs.</param>
/// <param name="log">Where changes are logged.</param>
/// <param name="current">The configuration in force.</param>
/// <param name="reconfigure">Puts another one into force.</param>
/// <param name="clearGroups">Drops groups of an interface (or all), one group (or all).</param>
internal sealed class ConfigurationCommands(
    EventLoop loop, DaemonLog log, Func<RouterOptions> current, Func<RouterOptions, ConfigurationChanges> reconfigure,
    Func<string?, Address?, int> clearGroups)
{
    private const string Subject = "configuration";

    /// <summary>Adds the commands.</summary>
    public void AddTo(CommandTable commands)
    {
        commands.Add("config", Show);
        commands.Add("set", Set);
        commands.Add("interface", ChangeInterface);
        commands.Add("reload", call => Reload(call));
        commands.Add("clear", Clear);
    }

    /// <summary>Reads the file again. From any thread.</summary>
    /// <param name="call">Who asked; null when it was a signal.</param>
    /// <param name="done">What to call when that has finished, successfully or not; on the loop.</param>
    public void Reload(ControlCall? call, Action? done = null)
    {
        var options = current();
        if (options.ConfigurationFile is not { } file)
            throw ControlException.Failed("there is no configuration file to read again: the router was started without --config");
        // Reading a file, and having the runtime compile the code that does so, takes longer than the protocol may wait.
        InBackground(call, () =>
        {
            var wanted = ConfigurationReader.ReadFile(file);
            return () => Answer(call, wanted with { ControlPath = wanted.ControlPath ?? options.ControlPath });
        }, done);
    }

    private void Show(ControlCall call)
    {
        var options = current();
        call.Succeed(writer => writer.WriteStringValue(ConfigurationWriter.Write(options)));
    }

    private void Set(ControlCall call)
    {
        var request = new ControlRequest(call);
        var name = request.Text("interface");
        var words = request.Texts("settings");
        InBackground(call, () =>
        {
            var assignments = SettingAssignments.Read(words);
            return () => Answer(call, assignments.Apply(current(), name));
        });
    }

    /// <summary>
    /// <c>{"command":"interface","action":"add|delete","interface":"eth2"}</c>: serves one more interface with the default settings, or one
    /// fewer.
    /// </summary>
    private void ChangeInterface(ControlCall call)
    {
        var request = new ControlRequest(call);
        var name = request.Text("interface");
        var options = current();
        var without = options.Interfaces.Where(each => each.Name != name).ToList();
        switch (request.Text("action"))
        {
            case "add" when without.Count < options.Interfaces.Count:
                throw ControlException.Failed($"the router serves {name} already");
            case "add":
                Answer(
                    call, options with { Interfaces = [.. without, new InterfaceOptions(name, RouterInterfaceSettings.Table.Defaults)] });
                break;
            case "delete" when without.Count == options.Interfaces.Count:
                throw ControlException.Failed($"the router does not serve {name}");
            case "delete" when without.Count == 0:
                throw ControlException.Failed($"{name} is the only interface; a router needs one");
            case "delete":
                Answer(call, options with { Interfaces = without });
                break;
            case var other:
                throw ControlException.Usage($"'interface' knows no action '{other}', only add and delete");
        }
    }

    private void Clear(ControlCall call)
    {
        var request = new ControlRequest(call);
        var cleared = clearGroups(request.OptionalText("interface"), request.OptionalAddress("group"));
        call.Succeed(writer =>
            JsonSerializer.Serialize(writer, new ClearedAnswer(cleared), ConfigurationContext.Default.ClearedAnswer));
    }

    private void Answer(ControlCall? call, RouterOptions wanted)
    {
        var changes = reconfigure(wanted);
        foreach (var change in changes.All)
            log.Info(Subject, change.ToString());
        if (call is null)
            log.Info(Subject, $"reloaded, {changes.All.Count()} changes");
        call?.Succeed(writer =>
            JsonSerializer.Serialize(writer, ChangesAnswer.Of(changes), ConfigurationContext.Default.ChangesAnswer));
    }

    /// <summary>Does work off the loop and handles its outcome on the loop; whoever asked learns what goes wrong in either.</summary>
    private void InBackground(ControlCall? call, Func<Action> work, Action? done = null) => _ = Task.Run(() =>
    {
        try
        {
            var outcome = work();
            loop.Post(() => Guard(call, outcome, done));
        }
        catch (Exception refused)
        {
            loop.Post(() => Guard(call, () => throw refused, done));
        }
    });

    private void Guard(ControlCall? call, Action outcome, Action? done)
    {
        try
        {
            outcome();
        }
        catch (Exception refused)
        {
            var exit = refused switch
            {
                InvalidFileException => ExitCode.Invalid,
                ControlException known => known.ExitCode,
                _ => ExitCode.Failed,
            };
            foreach (var line in refused.Message.Split('\n'))
                log.Warning(Subject, $"not changed: {line}");
            call?.Fail(refused.Message, exit);
        }

        done?.Invoke();
    }
}
