namespace MulticastLab.Tests;

/// <summary>Where things lie in the repository that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>Lab.sln</c>.</summary>
    public static string Root { get; } = Find();

    public static string Captures => Path.Combine(Root, "captures");

    public static string Evidence => Path.Combine(Root, "artifacts", "evidence");

    public static string Topology(string name) => Path.Combine(Root, "topologies", name);

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lab.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Lab.sln not found above the tests.");
        return folder;
    }
}
