using System.Text.Json.Nodes;

namespace MulticastLab.Router.Configuration;

/// <summary>A list of values of one type.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="item">Their type.</param>
/// <param name="plural">What they are together: <c>prefixes</c>.</param>
internal sealed class ListType<T>(SettingType<T> item, string plural) : SettingType<IReadOnlyList<T>>
    where T : notnull
{
    /// <inheritdoc/>
    public override string Description => $"a list of {plural}";

    /// <inheritdoc/>
    public override object? ReadObject(YamlNode node, Problems problems)
    {
        if (node is not YamlSequence sequence)
            return Refuse(node, problems);
        var before = problems.Count;
        var items = sequence.Items.Select(each => item.ReadObject(each, problems)).ToList();
        return problems.Count == before ? (IReadOnlyList<T>)[.. items.Cast<T>()] : null;
    }

    /// <inheritdoc/>
    public override string Write(IReadOnlyList<T> value) => YamlText.List(value.Select(item.Write));

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };
}
