namespace MulticastLab.Tests;

/// <summary>Where the tests find the files of the repository that they check.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>Lab.sln</c>.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Lab.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Lab.sln not found above the tests.");
        return folder;
    }
}
