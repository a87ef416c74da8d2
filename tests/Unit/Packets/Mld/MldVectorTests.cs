using FluentAssertions;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>
/// Pairs of bytes and value, read and written: the packets of the requirements of MLDv2, and those that Linux sends (RFC 9777 §5.1, §5.2,
/// RFC 2710 §3).
/// </summary>
public sealed class MldVectorTests
{
    public static TheoryData<string> Names => MldVector.Names;

    [Theory]
    [MemberData(nameof(Names))]
    [Shows("L2-M-5.1-01", "L2-M-5.2-01", "L2-M-3-01")]
    public void A_packet_is_read(string name)
    {
        var vector = MldVector.All[name];

        var error = Dialect.Mld.TryRead(vector.Bytes, out var message);

        error.Should().Be(vector.Error);
        if (error == PacketError.None)
            MldVector.Text(message).Should().Be(vector.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Shows(
        "L2-M-5-01", "L2-M-5-02", "L2-M-5-04", "L2-M-5.1.2-01", "L2-M-5.1.4-01", "L2-M-5.2.1-01", "L2-M-5.2.11-01", "L2-X-5.2.15-01",
        "L2-X-4-02")]
    public void A_packet_is_written(string name)
    {
        var vector = MldVector.All[name];
        if (Dialect.Mld.TryRead(vector.Bytes, out var message) != PacketError.None)
            return;
        var buffer = new byte[400];
        buffer.AsSpan().Fill(0xFF);

        var length = Dialect.Mld.Write(buffer, MldVector.ToSend(message), message.Envelope.Source);

        var written = Convert.ToHexStringLower(buffer.AsSpan(0, length));
        if (vector.Written)
            written.Should().Be(Convert.ToHexStringLower(vector.Bytes));
        else
            written.Should().NotBe(Convert.ToHexStringLower(vector.Bytes));
    }
}
