namespace MulticastLab.Packets;

/// <summary>
/// The source addresses of a query or a group record, read in place: consecutive addresses of 4 (IGMP) or 16 (MLD) bytes.
/// </summary>
public readonly ref struct SourceList
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly int width;

    /// <summary>Views <paramref name="bytes"/>, whose length is a multiple of <paramref name="addressLength"/>.</summary>
    /// <param name="bytes">The addresses in network byte order.</param>
    /// <param name="addressLength">4 or 16.</param>
    public SourceList(ReadOnlySpan<byte> bytes, int addressLength)
    {
        this.bytes = bytes;
        width = addressLength;
    }

    /// <summary>How many sources there are.</summary>
    public int Count => width == 0 ? 0 : bytes.Length / width;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => bytes.IsEmpty;

    /// <summary>The source at <paramref name="index"/>, from 0.</summary>
    public Address this[int index] => Address.Read(bytes.Slice(index * width, width));

    /// <summary>Whether <paramref name="source"/> is in the list; linear.</summary>
    public bool Contains(Address source)
    {
        foreach (var each in this)
        {
            if (each == source)
                return true;
        }

        return false;
    }

    /// <summary>The sources as an array of their own, in the order of the wire.</summary>
    public Address[] ToArray()
    {
        var copy = new Address[Count];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = this[i];
        return copy;
    }

    /// <summary>Enumerates the sources in the order of the wire.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks a <see cref="SourceList"/>.</summary>
    public ref struct Enumerator
    {
        private readonly int width;
        private ReadOnlySpan<byte> rest;

        internal Enumerator(SourceList list)
        {
            width = list.width;
            rest = list.bytes;
            Current = default;
        }

        /// <summary>The present source.</summary>
        public Address Current { get; private set; }

        /// <summary>Goes to the next source; false after the last.</summary>
        public bool MoveNext()
        {
            if (rest.IsEmpty)
                return false;
            Current = Address.Read(rest[..width]);
            rest = rest[width..];
            return true;
        }
    }
}
