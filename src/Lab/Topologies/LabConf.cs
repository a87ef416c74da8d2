using System.Globalization;
using System.Text.RegularExpressions;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>What <c>lab.conf</c> says, checked: the nodes with their interfaces and options, the LANs, the meta lines.</summary>
internal sealed partial class LabConf
{
    private static readonly string[] MetaNames = ["LAB_NAME", "LAB_DESCRIPTION", "LAB_VERSION", "LAB_AUTHOR", "LAB_EMAIL", "LAB_WEB"];

    // Kathará keeps these names for files that belong to no node.
    private static readonly string[] ReservedNames = ["shared", "_test"];

    private readonly FileProblems problems;
    private readonly Dictionary<string, NodeLines> byName = [];

    private LabConf(FileProblems problems) => this.problems = problems;

    /// <summary>The meta lines by name.</summary>
    public Dictionary<string, string> Meta { get; } = [];

    /// <summary>The nodes in the order of first mention.</summary>
    public List<NodeLines> Nodes { get; } = [];

    /// <summary>The LANs in the order of first mention.</summary>
    public List<string> Lans { get; } = [];

    /// <summary>Reads the lines of the file; what is wrong goes to <paramref name="problems"/>.</summary>
    public static LabConf Read(IReadOnlyList<string> lines, FileProblems problems)
    {
        var conf = new LabConf(problems);
        for (var i = 0; i < lines.Count; i++)
        {
            if (LabConfLine.Read(lines[i], i + 1, problems) is not { } line)
                continue;
            if (line.Argument is null)
                conf.AddMeta(line);
            else if (conf.NodeOf(line) is not { } node)
                continue;
            else if (line.Argument.All(char.IsAsciiDigit))
                conf.AddInterface(node, line);
            else
                conf.AddOption(node, line);
        }

        if (conf.Nodes.Count == 0 && problems.Count == 0)
            problems.Add(1, 1, "the lab has no node: a line like node[0]=\"A\" makes one");
        foreach (var node in conf.Nodes)
            conf.CheckInterfaces(node);
        conf.CheckMacs();
        return conf;
    }

    private void AddMeta(LabConfLine line)
    {
        if (!MetaNames.Contains(line.Name))
            problems.Add(line.Line, line.NameColumn, $"'{line.Name}' is not a meta line", Spelling.NearestQuoted(line.Name, MetaNames));
        else
            AddMeta(line.Name, line);
    }

    // As with options the later one wins, as in Kathará.
    private void AddMeta(string name, LabConfLine line)
    {
        if (Meta.TryGetValue(name, out var earlier))
            problems.Warn(line.Line, line.NameColumn, $"'{name}' was '{earlier}' and is now '{line.Value}'");
        Meta[name] = line.Value;
    }

    private NodeLines? NodeOf(LabConfLine line)
    {
        if (byName.TryGetValue(line.Name, out var node))
            return node;
        if (ReservedNames.Contains(line.Name))
        {
            problems.Add(line.Line, line.NameColumn, $"'{line.Name}' is a reserved name and cannot be a node's");
            return null;
        }

        if (!NodeName().IsMatch(line.Name))
        {
            var fitting = NotInNodeName().Replace(line.Name.ToLowerInvariant(), "_");
            problems.Add(line.Line, line.NameColumn,
                $"'{line.Name}' is not a node name: 1 to 30 of a-z, 0-9 and _",
                NodeName().IsMatch(fitting) ? $"'{fitting}'" : null);
            return null;
        }

        node = new NodeLines(line.Name, line.Line, line.NameColumn);
        byName.Add(line.Name, node);
        Nodes.Add(node);
        return node;
    }

    private void AddInterface(NodeLines node, LabConfLine line)
    {
        if (!int.TryParse(line.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            problems.Add(line.Line, line.ArgumentColumn, $"'{line.Argument}' is too large for an interface number");
            return;
        }

        // Kathará ignores further slashes before, between and after the two.
        var start = line.Value.Length - line.Value.TrimStart('/').Length;
        var slash = line.Value.IndexOf('/', start);
        var lan = slash < 0 ? line.Value[start..] : line.Value[start..slash];
        // Nothing stands before a MAC address.
        if (start > 0 && slash < 0 && MacAddress.TryParse(lan, out _))
            lan = "";
        if (lan.Length == 0 || !lan.All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
        {
            var fitting = NotInLanName().Replace(lan, "_");
            problems.Add(line.Line, line.ValueColumn, $"'{lan}' is not a LAN name: letters, digits and _",
                lan.Length == 0 ? null : $"'{fitting}'");
            return;
        }

        MacAddress? mac = null;
        if (slash >= 0)
        {
            var rest = line.Value[slash..].Trim('/');
            mac = ReadMac(
                rest, line.Line,
                line.ValueColumn + (rest.Length == 0 ? slash + 1 : line.Value.LastIndexOf(rest, StringComparison.Ordinal)));
            if (mac is null)
                return;
        }

        if (node.Interfaces.TryGetValue(number, out var other))
        {
            problems.Add(line.Line, line.ArgumentColumn, $"interface {number} of '{node.Name}' is already given in line {other.Line}");
            return;
        }

        var twin = node.Interfaces.Values.FirstOrDefault(each => each.Lan == lan);
        if (twin is not null)
        {
            problems.Add(line.Line, line.ValueColumn, $"'{node.Name}' is already attached to LAN '{lan}' in line {twin.Line}");
            return;
        }

        node.Interfaces.Add(number, new InterfaceLine(line.Line, line.ArgumentColumn, lan, mac));
        if (!Lans.Contains(lan))
            Lans.Add(lan);
    }

    private MacAddress? ReadMac(string text, int line, int column)
    {
        if (!MacAddress.TryParse(text, out var mac))
        {
            // The notations of other systems: dashes, and single digits.
            var parts = text.Split(':', '-').Select(part => part.PadLeft(2, '0'));
            var fitting = string.Join(':', parts);
            problems.Add(line, column, $"'{text}' is not a MAC address: six pairs of hex digits with colons",
                MacAddress.TryParse(fitting, out _) ? $"'{fitting}'" : null);
            return null;
        }

        if (mac.IsMulticast || mac.Bits == 0)
        {
            problems.Add(
                line, column, $"'{text}' cannot be an interface's MAC address: it is {(mac.Bits == 0 ? "all zero" : "a group address")}");
            return null;
        }

        return mac;
    }

    private void AddOption(NodeLines node, LabConfLine line)
    {
        if (!NodeOption.All.TryGetValue(line.Argument!, out var option))
        {
            var (message, suggestion) = (
                $"'{line.Argument}' is neither an interface number nor an option",
                Spelling.NearestQuoted(line.Argument!, NodeOption.All.Keys));
            if (OptionName().IsMatch(line.Argument!))
                problems.Warn(line.Line, line.ArgumentColumn, $"{message}, and has no effect", suggestion);
            else
                problems.Add(line.Line, line.ArgumentColumn, message, suggestion);
            return;
        }

        if (!option.IsValid(line.Value))
        {
            problems.Add(line.Line, line.ValueColumn, $"'{line.Value}' is not a value of '{option.Name}': {option.Form}");
            return;
        }

        if (!option.HasEffect)
            problems.Warn(line.Line, line.ArgumentColumn, $"the option '{option.Name}' has no effect here");

        if (option.Name == "image")
            node.ImagePlace = (line.Line, line.ValueColumn);
        var values = node.Options.TryGetValue(option.Name, out var given) ? given : node.Options[option.Name] = [];
        var key = option.Key ?? (_ => "");
        var earlier = option.Name == "exec" ? -1 : values.FindIndex(each => key(each) == key(line.Value));
        if (earlier >= 0)
        {
            // As in Kathará, the later one wins.
            problems.Warn(
                line.Line, line.ArgumentColumn, $"'{option.Name}' of '{node.Name}' was '{values[earlier]}' and is now '{line.Value}'");
            values[earlier] = line.Value;
        }
        else
        {
            values.Add(line.Value);
        }
    }

    private void CheckInterfaces(NodeLines node)
    {
        if (node.Interfaces.Count == 0)
        {
            problems.Warn(node.Line, node.Column, $"'{node.Name}' has no interface",
                Spelling.NearestQuoted(node.Name, Nodes.Where(each => each.Interfaces.Count > 0).Select(each => each.Name)));
        }

        var expected = 0;
        foreach (var (number, line) in node.Interfaces)
        {
            if (number != expected)
            {
                problems.Add(
                    line.Line, line.Column, $"'{node.Name}' has an interface {number} but no interface {expected}",
                    $"{node.Name}[{expected}]");
                return;
            }

            expected++;
        }
    }

    private void CheckMacs()
    {
        foreach (var twins in Nodes
            .SelectMany(node => node.Interfaces.Values)
            .Where(each => each.Mac is not null)
            .GroupBy(each => (each.Lan, each.Mac)))
        {
            foreach (var later in twins.OrderBy(each => each.Line).Skip(1))
                problems.Warn(later.Line, later.Column, $"{later.Mac} is already used on LAN '{later.Lan}'");
        }
    }

    [GeneratedRegex("^[a-z0-9_]{1,30}$")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"^\w+$")]
    private static partial Regex OptionName();

    [GeneratedRegex("[^a-z0-9_]")]
    private static partial Regex NotInNodeName();

    [GeneratedRegex(@"[^\w]")]
    private static partial Regex NotInLanName();
}

/// <summary>What <c>lab.conf</c> says of one node.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Line">The line of its first mention.</param>
/// <param name="Column">The column there.</param>
internal sealed record NodeLines(string Name, int Line, int Column)
{
    public SortedDictionary<int, InterfaceLine> Interfaces { get; } = [];

    public Dictionary<string, List<string>> Options { get; } = [];

    /// <summary>Where the value of its image option stands.</summary>
    public (int Line, int Column) ImagePlace { get; set; }
}

/// <summary>One interface line of <c>lab.conf</c>.</summary>
internal sealed record InterfaceLine(int Line, int Column, string Lan, MacAddress? Mac);
