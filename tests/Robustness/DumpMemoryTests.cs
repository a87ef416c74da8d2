using FluentAssertions;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>A long state dump takes the memory of the state that it tells, on either side.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class DumpMemoryTests
{
    private const int Groups = 250_000;

    [Fact]
    public async Task A_dump_of_250_000_groups_is_read_in_under_100_MB()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var text = new DumpText(before);

        var state = await RouterStateJson.Read(text, TestContext.Current.CancellationToken);

        state.Interfaces.Single().Groups.Should().HaveCount(Groups);
        text.Length.Should().BeGreaterThan(50_000_000, "the text is nowhere as a whole");
        text.MostMemory.Should().BeInRange(10_000_000, 100_000_000);
    }

    /// <summary>The text of a dump, made while it is read. Looks at the memory in use every ten megabytes.</summary>
    private sealed class DumpText(long before) : Stream
    {
        private const long BetweenLooks = 10_000_000;

        private readonly IEnumerator<ReadOnlyMemory<byte>> pieces = RouterStateJson.Pieces(State()).GetEnumerator();
        private ReadOnlyMemory<byte> rest;
        private long length;

        /// <summary>The most that was in use beyond what was before.</summary>
        public long MostMemory { get; private set; }

        public override long Length => length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Position
        {
            get => length;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            while (rest.IsEmpty)
            {
                if (!pieces.MoveNext())
                {
                    Look();
                    return 0;
                }

                rest = pieces.Current;
            }

            var taken = Math.Min(count, rest.Length);
            rest[..taken].CopyTo(buffer.AsMemory(offset));
            rest = rest[taken..];
            if ((length + taken) / BetweenLooks > length / BetweenLooks)
                Look();
            length += taken;
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            pieces.Dispose();
            base.Dispose(disposing);
        }

        private void Look() => MostMemory = Math.Max(MostMemory, GC.GetTotalMemory(forceFullCollection: true) - before);

        // The groups are made one by one: only what is read is to be counted.
        private static RouterState State() =>
            new()
            {
                Interfaces =
                [new InterfaceState { Name = "eth0", Up = true, Version = 3, Groups = new GroupsOnTheWay() }],
            };
    }

    private sealed class GroupsOnTheWay : IReadOnlyList<GroupState>
    {
        public int Count => Groups;

        public GroupState this[int index] => new()
        {
            Group = Address.FromV4(0xEF01_0000 + (uint)index),
            Mode = FilterMode.Exclude,
            CompatibilityMode = 3,
            Expires = TimeSpan.FromMilliseconds(250_000 - (index % 1_000)),
            UpTime = TimeSpan.FromMilliseconds(index),
            LastReporter = Address.Parse("10.0.0.11"),
            Sources = index % 10 == 0 ? [new SourceState { Source = Address.Parse("192.0.2.1"), Expires = TimeSpan.FromSeconds(9) }] : [],
        };

        public IEnumerator<GroupState> GetEnumerator() => Enumerable.Range(0, Count).Select(each => this[each]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
