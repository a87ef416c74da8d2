using System.CommandLine;

namespace MulticastLab.Router.Cli;

/// <summary>The value of an option for one interface, <c>eth0=VALUE</c>, or for all, <c>VALUE</c>.</summary>
internal readonly record struct Scoped<T>(string? Interface, T Value);

/// <summary>Options whose values may be for one interface only, and which may be given several times.</summary>
internal static class Scoped
{
    /// <summary>Reads a value.</summary>
    /// <returns>Whether the text is one.</returns>
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>Such an option.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="valueName">What its help calls the value.</param>
    /// <param name="description">What it does.</param>
    /// <param name="read">Reads a value.</param>
    /// <param name="form">What a value looks like, for the error.</param>
    public static Option<Scoped<T>[]> Option<T>(string name, string valueName, string description, Reader<T> read, string form) => new(name)
    {
        Description = description,
        HelpName = $"[IF=]{valueName}",
        CustomParser = argument =>
        {
            var values = new List<Scoped<T>>();
            foreach (var token in argument.Tokens)
            {
                var at = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (read(token.Value[(at + 1)..], out var value))
                    values.Add(new Scoped<T>(at < 0 ? null : token.Value[..at], value));
                else
                    argument.AddError($"{name} is {form}, with or without INTERFACE= before it, not '{token.Value}'");
            }

            return [.. values];
        },
    };

    /// <summary>All values for this interface, in their order.</summary>
    public static IReadOnlyList<T> For<T>(this Scoped<T>[]? values, string interfaceName) =>
        [.. (values ?? []).Where(each => each.Interface is null || each.Interface == interfaceName).Select(each => each.Value)];

    /// <summary>The one value for this interface: the last one that names it, otherwise the last one for all.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryFor<T>(this Scoped<T>[]? values, string interfaceName, out T value)
    {
        var fitting = (values ?? []).Where(each => each.Interface is null || each.Interface == interfaceName).OrderBy(each => each.Interface is not null).ToList();
        value = fitting.Count > 0 ? fitting[^1].Value : default!;
        return fitting.Count > 0;
    }
}
