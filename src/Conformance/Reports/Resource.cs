namespace MulticastLab.Conformance.Reports;

/// <summary>Files that are part of the assembly.</summary>
internal static class Resource
{
    /// <summary>Opens one.</summary>
    public static Stream Open(string name) =>
        typeof(Resource).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} is not in the assembly.");

    /// <summary>The text of one.</summary>
    public static string Text(string name)
    {
        using var text = new StreamReader(Open(name));
        return text.ReadToEnd();
    }
}
