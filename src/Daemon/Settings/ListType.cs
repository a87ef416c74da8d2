using System.Text.Json.Nodes;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Settings;

/// <summary>A list of values of one type.</summary>
/// <typeparam name="T">The values.</typeparam>
/// <param name="item">Their type.</param>
/// <param name="plural">Their plural: <c>prefixes</c>.</param>
public sealed class ListType<T>(SettingType<T> item, string plural) : SettingType<IReadOnlyList<T>>
    where T : notnull
{
    /// <inheritdoc/>
    public override string Description => $"a list of {plural}";

    /// <inheritdoc/>
    public override string ValueName => item.ValueName;

    /// <inheritdoc/>
    public override string ItemDescription => item.Description;

    /// <inheritdoc/>
    public override object? ReadObject(YamlNode node, FileProblems problems)
    {
        if (node is not YamlSequence sequence)
            return Refuse(node, problems);
        var before = problems.Count;
        var items = sequence.Items.Select(each => item.ReadObject(each, problems)).ToList();
        return problems.Count == before ? (IReadOnlyList<T>)[.. items.Cast<T>()] : null;
    }

    /// <inheritdoc/>
    public override bool IsList => true;

    /// <inheritdoc/>
    public override object? ReadItems(YamlNode node, FileProblems problems) =>
        ReadObject(node is YamlSequence ? node : new YamlSequence(node.Line, node.Column, [node]), problems);

    /// <inheritdoc/>
    public override object Edit(object? list, object items, bool add)
    {
        var before = (IReadOnlyList<T>?)list ?? [];
        var change = (IReadOnlyList<T>)items;
        return (IReadOnlyList<T>)(
            add ? [.. before, .. change.Where(each => !before.Contains(each))] : [.. before.Where(each => !change.Contains(each))]);
    }

    /// <inheritdoc/>
    public override string Write(IReadOnlyList<T> value) => YamlText.List(value.Select(item.Write));

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = item.Schema() };
}
