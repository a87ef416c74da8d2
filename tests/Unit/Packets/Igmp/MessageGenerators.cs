using FsCheck;
using FsCheck.Fluent;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>Random messages that the wire can hold exactly.</summary>
internal static class MessageGenerators
{
    public static Gen<Address> Addresses { get; } = Gen.Choose(int.MinValue, int.MaxValue).Select(bits => Address.FromV4((uint)bits));

    public static Gen<QueryContent> Queries { get; } =
        from version in Gen.Choose(1, 3)
        from code in Gen.Choose(0, 255)
        from groupBits in Gen.Choose(0, int.MaxValue)
        from general in Gen.Elements(true, false)
        from suppress in Gen.Elements(true, false)
        from robustness in Gen.Choose(0, 7)
        from intervalCode in Gen.Choose(0, 255)
        from sources in Gen.ArrayOf(Addresses)
        let @group = general || version == 1 ? Address.AnyV4 : Address.FromV4((uint)groupBits)
        select version switch
        {
            1 => new QueryContent(Generation.Reports, TimeSpan.FromSeconds(10), @group, false, 0, TimeSpan.Zero, []),
            2 => new QueryContent(
                Generation.Leaves, TimeSpan.FromMilliseconds(100 * Math.Max(code, 1)), @group, false, 0, TimeSpan.Zero, []),
            _ => new QueryContent(
                Generation.Sources, TimeSpan.FromMilliseconds(100 * TimeCode.EightBits.Decode((byte)code)), @group, suppress, robustness,
                TimeSpan.FromSeconds(TimeCode.EightBits.Decode((byte)intervalCode)), sources),
        };

    public static Gen<RecordContent> Records { get; } =
        from type in Gen.Choose(0, 255)
        from @group in Addresses
        from sources in Gen.ArrayOf(Addresses)
        select new RecordContent((RecordType)type, @group, sources);

    public static Gen<ReportContent> Reports { get; } = Gen.ArrayOf(Records).Select(records => new ReportContent(records));
}
