using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>A record of a version 3 report as its bytes lie on the wire (RFC 9776 §4.2): see <see cref="WireMessage"/>.</summary>
/// <param name="Type">The record type.</param>
/// <param name="AuxiliaryWords">How many words of auxiliary data it says there are.</param>
/// <param name="Group">The group.</param>
/// <param name="Sources">The sources.</param>
internal sealed record WireRecord(int Type, int AuxiliaryWords, Address Group, IReadOnlyList<Address> Sources)
{
    private const int CountAt = 6;
    private const int FirstAt = 8;
    private const int FixedLength = 8;
    private const int AddressLength = 4;

    /// <summary>The records of a report, as many as it says there are, or as are complete.</summary>
    /// <param name="message">The report.</param>
    /// <param name="end">Where the last one ends: the length of the message, when there is nothing after it and nothing missing.</param>
    internal static IReadOnlyList<WireRecord> Of(WireMessage message, out int end)
    {
        var records = new List<WireRecord>();
        var body = message.Body;
        end = FirstAt;
        for (var left = message.Word(CountAt); left > 0; left--)
        {
            var (auxiliary, count) = (message.At(end + 1), message.Word(end + 2));
            var length = FixedLength + (AddressLength * (count + auxiliary));
            if (count < 0 || end + length > body.Length)
            {
                end += length;
                break;
            }

            var sources = new Address[count];
            for (var i = 0; i < count; i++)
                sources[i] = AddressAt(body, end + FixedLength + (AddressLength * i));
            records.Add(new WireRecord(message.At(end), auxiliary, AddressAt(body, end + 4), sources));
            end += length;
        }

        return records;
    }

    private static Address AddressAt(ReadOnlySpan<byte> body, int at) => Address.Read(body.Slice(at, AddressLength));
}
