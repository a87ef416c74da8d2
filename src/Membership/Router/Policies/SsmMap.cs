using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// Makes joins of the mapped sources out of joins of all sources in the source-specific range: <see cref="RouterSettings.SsmMappings"/>.
/// </summary>
internal sealed class SsmMap(RouterContext context)
{
    private byte[] sources = [];

    /// <summary>The sources that are mapped to the group.</summary>
    public IEnumerable<Address> SourcesOf(Address group) =>
        context.Settings.SsmMappings.Where(each => each.Groups.Contains(group)).Select(each => each.Source);

    /// <summary>Whether the source is mapped to the group.</summary>
    public bool Maps(Address group, Address source) => SourcesOf(group).Contains(source);

    /// <summary>Translates a report of an older version, which wants all sources, or a leave.</summary>
    /// <returns>False when nothing is mapped to the group.</returns>
    public bool TryTranslate(scoped in GroupMessage message, out GroupRecord translated)
    {
        var isMapped = TryTranslate(new GroupRecord { Type = RecordType.IsExclude, Group = message.Group }, out translated);
        if (message.Kind == GroupMessageKind.Leave)
            translated = new GroupRecord { Type = RecordType.ToInclude, Group = message.Group };
        return isMapped;
    }

    /// <summary>Translates an EXCLUDE record: it wants the mapped sources but for those that it excludes.</summary>
    /// <param name="record">IS_EX or TO_EX.</param>
    /// <param name="translated">IS_IN or ALLOW; valid until the next call.</param>
    /// <returns>False when nothing is mapped to the group.</returns>
    public bool TryTranslate(scoped in GroupRecord record, out GroupRecord translated)
    {
        var mappings = context.Settings.SsmMappings;
        var width = record.Group.Length;
        if (sources.Length < mappings.Count * width)
            sources = new byte[mappings.Count * width];
        var length = 0;
        var isMapped = false;
        for (var i = 0; i < mappings.Count; i++)
        {
            var (groups, source) = mappings[i];
            if (!groups.Contains(record.Group))
                continue;
            isMapped = true;
            if (!record.Sources.Contains(source))
                length += source.Write(sources.AsSpan(length));
        }

        translated = new GroupRecord
        {
            Type = record.Type == RecordType.IsExclude ? RecordType.IsInclude : RecordType.Allow,
            Group = record.Group,
            Sources = new SourceList(sources.AsSpan(0, length), width),
        };
        return isMapped;
    }
}
