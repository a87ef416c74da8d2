using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>
/// The start order in <c>lab.dep</c>: lines <c>node: node1 node2</c> as in a makefile, "node is started after node1 and node2".
/// </summary>
internal sealed class LabDep
{
    private readonly IReadOnlyList<string> nodes;
    private readonly FileProblems problems;
    private readonly Dictionary<string, List<string>> startsAfter = [];
    private readonly Dictionary<(string Node, string Before), (int Line, int Column)> places = [];

    private LabDep(IReadOnlyList<string> nodes, FileProblems problems)
    {
        this.nodes = nodes;
        this.problems = problems;
    }

    /// <summary>Every node once, in start order.</summary>
    public IReadOnlyList<string> Order { get; private set; } = [];

    /// <summary>The nodes that this one waits for.</summary>
    public IReadOnlyList<string> StartsAfter(string node) => startsAfter.TryGetValue(node, out var list) ? list : [];

    /// <summary>Reads the lines of the file (none: no constraints); what is wrong goes to <paramref name="problems"/>.</summary>
    public static LabDep Read(IReadOnlyList<string> lines, IReadOnlyList<string> nodes, FileProblems problems)
    {
        var dep = new LabDep(nodes, problems);
        for (var i = 0; i < lines.Count; i++)
            dep.ReadLine(lines[i], i + 1);
        dep.Order = dep.Sort();
        return dep;
    }

    private void ReadLine(string text, int line)
    {
        var words = Words(text).ToList();
        if (words.Count == 0 || words[0].Text.StartsWith('#'))
            return;

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            problems.Add(line, words[0].Column, "a line reads 'node: node1 node2 …'", $"'{words[0].Text}:'");
            return;
        }

        var before = Words(text[..colon]).ToList();
        if (before.Count != 1)
        {
            problems.Add(line, before.Count == 0 ? colon + 1 : before[1].Column, "one node's name stands before ':'");
            return;
        }

        var isNode = IsNode(before[0], line);
        var node = before[0].Text;
        var after = Words(text[(colon + 1)..]).Select(word => word with { Column = word.Column + colon + 1 }).ToList();
        if (after.Count == 0)
            problems.Add(line, colon + 2, $"the nodes that '{node}' is started after are missing");
        foreach (var word in after)
        {
            if (!IsNode(word, line) || !isNode)
                continue;
            if (places.TryAdd((node, word.Text), (line, word.Column)))
                (startsAfter.TryGetValue(node, out var list) ? list : startsAfter[node] = []).Add(word.Text);
        }
    }

    private bool IsNode((string Text, int Column) word, int line)
    {
        if (nodes.Contains(word.Text))
            return true;
        // Kathará ignores it too.
        problems.Warn(line, word.Column, $"lab.conf has no node '{word.Text}'", Spelling.NearestQuoted(word.Text, nodes));
        return false;
    }

    /// <summary>Depth first, in the order of <c>lab.conf</c>; what is met again on its own path is a cycle.</summary>
    private List<string> Sort()
    {
        var order = new List<string>();
        var done = new HashSet<string>();
        var path = new List<string>();
        foreach (var node in nodes)
            Visit(node);
        return order;

        void Visit(string node)
        {
            if (done.Contains(node))
                return;
            path.Add(node);
            foreach (var before in StartsAfter(node))
            {
                var from = path.IndexOf(before);
                if (from >= 0)
                {
                    var (line, column) = places[(node, before)];
                    problems.Add(line, column, $"nodes wait for each other: {string.Join(" → ", path.Skip(from).Append(before))}");
                }
                else
                {
                    Visit(before);
                }
            }

            path.RemoveAt(path.Count - 1);
            done.Add(node);
            order.Add(node);
        }
    }

    private static IEnumerable<(string Text, int Column)> Words(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
                at++;
            yield return (text[start..at], start + 1);
        }
    }
}
