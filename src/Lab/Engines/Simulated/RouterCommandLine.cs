using MulticastLab.Daemon.Configuration;
using MulticastLab.Daemon.Settings;
using MulticastLab.Forwarding;
using MulticastLab.Membership.Router;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// Reads <c>router run …</c> of a startup file as the daemon reads its command line, by the same tables and files. What only a process on a
/// kernel has
/// (<see cref="Setting{TOwner}.NotSimulated"/>, <c>--user</c>) is read too, so that one file serves both worlds, and has no effect.
/// </summary>
internal static class RouterCommandLine
{
    private const string Configuration = "--config";
    private const string RoutesFile = "--mroutes";
    private const string User = "--user";

    /// <exception cref="InvalidFileException">Something in it is unknown or wrong, with its place.</exception>
    public static RouterOptions Read(SimulatedNode node, IReadOnlyList<StartupWord> words)
    {
        var interfaces = new List<StartupWord>();
        var (configuration, routes) = ((StartupWord?)null, (StartupWord?)null);
        var beside = new List<StartupWord>();
        var global = new GivenWords<RouterOptions>(RouterGlobalSettings.Table, "router");
        var settings = new GivenWords<RouterSettings>(RouterInterfaceSettings.Table, "router");
        var options = new StartupOptions(words);
        while (options.Next() is { } option)
        {
            if (option.Text is not (Configuration or User or "--control"))
                beside.Add(option);
            switch (option.Text)
            {
                case "--interface":
                    interfaces.Add(options.Value());
                    break;
                case Configuration:
                    configuration = options.Value();
                    break;
                case RoutesFile:
                    routes = options.Value();
                    break;
                case User:
                    options.Value();
                    break;
                default:
                    if (!global.TryTake(option, options))
                        settings.Take(option, options);
                    break;
            }
        }

        if (configuration is { } config)
        {
            if (beside is [var other, ..])
                throw other.Refused($"router: {other.Text} cannot be combined with {Configuration}: write it into the file");
            return Checked(node, config, FromFile(node, config, ConfigurationReader.Read));
        }

        if (interfaces.GroupBy(each => each.Text).FirstOrDefault(each => each.Count() > 1) is { } twice)
            throw twice.ElementAt(1).Refused($"router: interface {twice.Key} is given twice");
        global.CheckNeeds(words[0]);
        var whole = global.For();
        if (routes is { } given && !whole.Forward)
            throw given.Refused($"router: {RoutesFile} needs --{RouterGlobalSettings.Forward.OptionName}");
        var file = routes is { } path ? FromFile(node, path, PygmpFile.Read) : null;
        whole = whole.Serving(interfaces.Select(each => each.Text), name => settings.For(name), file);
        if (whole.Interfaces.Count == 0)
            throw words[0].Unknown("a router without --interface");
        foreach (var each in interfaces)
            node.RequirePort(each);
        settings.Check([.. whole.Interfaces.Select(each => each.Name)]);
        return Checked(node, words[0], whole);
    }

    private static RouterOptions Checked(SimulatedNode node, StartupWord where, RouterOptions options)
    {
        foreach (var (name, _) in options.Interfaces)
            node.RequirePort(where with { Text = name });
        return options.Obstacle() is { } obstacle ? throw where.Refused($"router: {obstacle}") : options;
    }

    private static T FromFile<T>(SimulatedNode node, StartupWord word, Func<string, string, T> read)
    {
        var path = node.FileOf(word.Text) ?? throw word.Refused($"the lab has no file {word.Text} for {node.Name}");
        return read(path, FileText.Decode(path, File.ReadAllBytes(path)));
    }
}
