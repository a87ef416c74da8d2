using System.Buffers.Binary;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>What mistakes of routers and of hosts are made of.</summary>
internal static class MistakeShapes
{
    internal const byte IsIn = 1;
    internal const byte IsEx = 2;
    internal const byte ToIn = 3;
    internal const byte ToEx = 4;
    internal const byte AllowNew = 5;
    internal const byte BlockOld = 6;

    private static readonly Address AllSystems = Address.Parse("224.0.0.1");

    /// <summary>Mistakes in the packets that messages are sent in.</summary>
    internal static IEnumerable<Mistake> OfPackets =>
    [
        Sends("ttl-is-64", frame => frame.Header[8] = 64),
        Sends("tos-is-0", frame => frame.Header[1] = 0),
        Sends("no-router-alert", frame => frame.Header = frame.Header[..20]),
        Sends("router-alert-is-not-0", frame => frame.Header[23] = 1),
        Sends("wrong-checksum", frame => frame.ChecksumOff = 0x0100),
        Sends("wrong-header-checksum", frame => frame.HeaderChecksumOff = 0x0100),
        Sends("no-checksum-of-zero", frame => frame.ZeroChecksum = 0xFFFF),
        Sends("ethernet-broadcast", frame => frame.Ethernet.AsSpan(0, 6).Fill(0xFF)),
    ];

    /// <summary>The groups of its records of a type.</summary>
    internal static List<Address> OfType(IgmpFrame frame, params byte[] types)
    {
        var groups = new List<Address>();
        frame.Copy().Records(record =>
        {
            if (types.Contains(record[0]))
                groups.Add(Address.Read(record.AsSpan(4, 4)));
            return record;
        });
        return groups;
    }

    /// <summary>The groups that somebody leaves, or sources of them.</summary>
    internal static List<Address> Leaves(IgmpFrame frame) => frame.Body is [0x17, ..] ? [frame.Group] : OfType(frame, ToIn, BlockOld);

    internal static bool IsSpecific(IgmpFrame frame) => frame.IsQuery && !frame.IsGeneral;

    internal static bool HasBytesAfterTheMessage(IgmpFrame frame)
    {
        if (frame.IsV3Query)
            return frame.Body.Length > 12 + (4 * frame.Sources);
        if (!frame.IsReport)
            return false;
        var length = 8;
        frame.Copy().Records(record =>
        {
            length += record.Length;
            return record;
        });
        return frame.Body.Length > length;
    }

    internal static void WithAuxiliaryData(IgmpFrame frame)
    {
        frame.Records(record =>
        {
            record[1]++;
            return [.. record, 0, 0, 0, 0];
        });
    }

    internal static void WithFirstSource(IgmpFrame frame)
    {
        frame.Body = frame.Body[..16];
        BinaryPrimitives.WriteUInt16BigEndian(frame.Body.AsSpan(10), 1);
    }

    internal static void WithoutSources(IgmpFrame frame)
    {
        frame.Body = frame.Body[..12];
        BinaryPrimitives.WriteUInt16BigEndian(frame.Body.AsSpan(10), 0);
    }

    internal static void AsGeneral(IgmpFrame frame)
    {
        frame.Group = Address.AnyV4;
        frame.Destination = AllSystems;
        if (frame.IsV3Query)
            WithoutSources(frame);
    }

    internal static void WithRightChecksum(IgmpFrame frame)
    {
        // Written again it is right when it is off by what it was off by.
        if (!frame.HasRightChecksum)
            frame.ChecksumOff ^= 0x0101;
    }

    internal static Func<byte[], byte[]?> First()
    {
        var seen = false;
        return record =>
        {
            var first = !seen;
            seen = true;
            return first ? record : null;
        };
    }

    internal static Func<IgmpFrame, IEnumerable<IgmpFrame>> EverySecond(Func<IgmpFrame, bool> which, bool keepFirst)
    {
        var keep = !keepFirst;
        return frame =>
        {
            if (!which(frame))
                return [frame];
            keep = !keep;
            return keep ? [frame] : [];
        };
    }

    internal static Mistake Sends(string name, Action<IgmpFrame> change, Func<IgmpFrame, bool>? where = null) =>
        new(name) { Sends = Changing(change, where) };

    internal static Mistake Gets(string name, Action<IgmpFrame> change, Func<IgmpFrame, bool>? where = null) =>
        new(name) { Gets = Changing(change, where) };

    internal static Mistake Drops(string name, Func<IgmpFrame, bool> which) => new(name) { Sends = frame => which(frame) ? [] : [frame] };

    internal static Mistake Ignores(string name, Func<IgmpFrame, bool> which) => new(name) { Gets = frame => which(frame) ? [] : [frame] };

    internal static Mistake Timed(string name, Func<Timing, Timing> timers) => new(name) { Timers = timers };

    internal static Func<IgmpFrame, IEnumerable<IgmpFrame>> Changing(Action<IgmpFrame> change, Func<IgmpFrame, bool>? where) => frame =>
    {
        if (where?.Invoke(frame) != false)
            change(frame);
        return [frame];
    };
}
