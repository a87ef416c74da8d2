using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Suite.NearlyCorrect;

/// <summary>A mistake at a port of the device under test.</summary>
/// <param name="mistake">The mistake.</param>
/// <param name="own">The port's address.</param>
/// <param name="send">Sends an IPv4 packet out of the port to the tester's LAN.</param>
internal sealed class MistakenPort(Mistake mistake, Func<Address> own, Action<ReadOnlySpan<byte>> send)
{
    private const int EthernetHeader = 14;

    public FrameChange Change => new(Sent, Received);

    private IEnumerable<ReadOnlyMemory<byte>> Sent(ReadOnlyMemory<byte> frame)
    {
        if (IgmpFrame.Read(frame) is { } message)
            return mistake.Sends(message).Select(each => each.Write());
        return Datagram(frame) is not var (source, group) || mistake.Forwards(source, group) ? [frame] : [];
    }

    private IEnumerable<ReadOnlyMemory<byte>> Received(ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.ToArray();
        mistake.Reads(bytes);
        if (IgmpFrame.Read(bytes) is not { } message)
        {
            if (Datagram(frame) is var (source, group) && mistake.Floods(source, group))
                send(frame.Span[EthernetHeader..]);
            return [frame];
        }

        foreach (var answer in mistake.Answers(message.Copy()))
        {
            answer.Source = own();
            send(answer.Write().Span[EthernetHeader..]);
        }

        return mistake.Gets(message).Select(each => each.Write());
    }

    private static (Address Source, Address Group)? Datagram(ReadOnlyMemory<byte> frame) =>
        frame.Span is [_, _, _, _, _, _, _, _, _, _, _, _, 0x08, 0x00, ..] and { Length: >= 34 } bytes
            && Address.Read(bytes[30..34]) is { IsMulticast: true } group
            ? (Address.Read(bytes[26..30]), group)
            : null;
}
