using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Interop;

/// <summary>The messages of all versions as patterns, beside those of version 3 in <see cref="Messages"/>.</summary>
internal static class Wire
{
    /// <summary>A General Query of any version.</summary>
    internal static FramePattern AnyGeneralQuery { get; } = new("General Query of any version", IsGeneral);

    /// <summary>A General Query of one version.</summary>
    internal static FramePattern GeneralQuery(int version) =>
        new($"General Query of version {version}", frame => IsGeneral(frame) && Dialect.Igmp.VersionOf(frame.Query!.Generation) == version);

    /// <summary>A Group-Specific Query of any version.</summary>
    internal static FramePattern AnySpecificQuery(Address group) =>
        new($"Query({group}) of any version", frame => IsSpecific(frame, group));

    /// <summary>A Group-Specific Query of one version.</summary>
    internal static FramePattern SpecificQuery(int version, Address group) =>
        new(
            $"Query({group}) of version {version}",
            frame => IsSpecific(frame, group) && Dialect.Igmp.VersionOf(frame.Query!.Generation) == version);

    /// <summary>A report of a member that wants all sources, in the words of one version.</summary>
    internal static FramePattern Report(int version, Address group) =>
        new(
            $"Report({group}) of version {version}",
            frame =>
                version switch
                {
                    3 => frame.Report is { } report
                        && report.Records.Any(each => each.Group == group && each.Type is RecordType.IsExclude or RecordType.ToExclude),
                    2 => frame.GroupMessage is { Kind: GroupMessageKind.Report, Generation: Generation.Leaves }
                        && frame.Envelope.Destination == group,
                    _ => frame.GroupMessage is { Kind: GroupMessageKind.Report, Generation: Generation.Reports }
                        && frame.Envelope.Destination == group,
                });

    private static bool IsGeneral(SeenFrame frame) =>
        frame.Query is { Kind: QueryKind.General } && frame.Envelope.Destination == Dialect.Igmp.AllSystems;

    private static bool IsSpecific(SeenFrame frame, Address group) =>
        frame.Query is { Sources.Count: 0 } query && query.Group == group && frame.Envelope.Destination == group;
}
