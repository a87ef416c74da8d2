using MulticastLab.Packets.Text;

namespace MulticastLab.Forwarding;

/// <summary>
/// Static routes in the format of pygmp's daemon <c>simple</c>: an INI file with <c>[phyints] names = a1,a2</c> and, for each route, a
/// section
/// <c>[mroute_N]</c> with <c>from</c>, <c>group</c>, perhaps <c>source</c>, and <c>to = a2=8,a3</c>.
/// </summary>
/// <param name="Interfaces">The interfaces to serve.</param>
/// <param name="Routes">The routes.</param>
public sealed record PygmpFile(IReadOnlyList<string> Interfaces, IReadOnlyList<StaticRoute> Routes)
{
    /// <summary>Where each of the interfaces is named.</summary>
    public IReadOnlyDictionary<string, FilePlace> Places { get; private init; } = new Dictionary<string, FilePlace>();

    private const string InterfacesSection = "phyints";
    private const string RouteSection = "mroute_";

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The file's name, for what is wrong with it.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidFileException">It is wrong; everything that is wrong is reported, each with its line.</exception>
    public static PygmpFile Read(string name, string text)
    {
        var problems = new FileProblems(name);
        var interfaces = new Dictionary<string, FilePlace>();
        var routes = new List<(StaticRoute Route, IniSection Section)>();
        foreach (var section in IniSection.Read(text, problems))
        {
            if (section.Name == InterfacesSection)
                ReadInterfaces(section, name, interfaces, problems);
            else if (section.Name.StartsWith(RouteSection, StringComparison.Ordinal))
                routes.AddRange(ReadRoute(section, problems) is { } route ? [(route, section)] : []);
            else
                problems.Add(section.Line, 1, $"there is no section [{section.Name}], only [{InterfacesSection}] and [{RouteSection}…]");
        }

        for (var i = 0; i < routes.Count; i++)
        {
            var (route, section) = routes[i];
            if (route.Interfaces.FirstOrDefault(each => !interfaces.ContainsKey(each)) is { } missing)
                problems.Add(section.Line, 1, $"[{section.Name}]: {missing} is not among the names of [{InterfacesSection}]");
            if (routes.Take(i).FirstOrDefault(each => each.Route.IsAboutTheSameAs(route)) is { Section: { } same })
                problems.Add(section.Line, 1, $"[{section.Name}]: [{same.Name}] in line {same.Line} is for the same source and group");
        }

        if (interfaces.Count == 0 && problems.Count == 0)
            problems.Add(1, 1, $"there is no section [{InterfacesSection}] with names");
        problems.ThrowIfAny();
        return new PygmpFile([.. interfaces.Keys], [.. routes.Select(each => each.Route)]) { Places = interfaces };
    }

    private static void ReadInterfaces(IniSection section, string file, Dictionary<string, FilePlace> interfaces, FileProblems problems)
    {
        section.RefuseOthers(["names"], problems);
        foreach (var (name, line, column) in section.List("names", problems))
        {
            if (!InterfaceName.IsValid(name))
                problems.Add(section.LineOf("names"), 1, $"'{name}' cannot be the name of an interface");
            else if (!interfaces.TryAdd(name, new FilePlace(file, line, column)))
                problems.Add(section.LineOf("names"), 1, $"{name} is named twice");
        }
    }

    private static StaticRoute? ReadRoute(IniSection section, FileProblems problems)
    {
        var before = problems.Count;
        section.RefuseOthers(["from", "group", "source", "to"], problems);
        var (from, group, to) = (section.Require("from", problems), section.Require("group", problems), section.List("to", problems));
        if (problems.Count > before)
            return null;
        try
        {
            return StaticRoute.Parse(from, group, section.Find("source"), to.Select(each => each.Text));
        }
        catch (FormatException wrong)
        {
            problems.Add(section.Line, 1, $"[{section.Name}]: {wrong.Message}");
            return null;
        }
    }
}
