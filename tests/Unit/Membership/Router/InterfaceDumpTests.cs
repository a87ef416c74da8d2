using System.Buffers;
using System.Text;
using FluentAssertions;
using MulticastLab.Daemon.State;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>The dump in slices: nothing is lost or told twice, whatever happens between two of them.</summary>
public abstract class InterfaceDumpTests : CoreTests
{
    private static readonly Instant Start = new(1_000_000_000);

    private readonly RouterInterface core;
    private readonly byte[] buffer = new byte[1500];

    protected InterfaceDumpTests(Vocabulary words)
        : base(words)
    {
        core = new RouterInterface("eth0", Dialect, new RouterSettings());
        core.LinkUp(Lower, Start);
        for (var i = 0; i < 10; i++)
            Report(RecordType.ToExclude, i, Start);
    }

    [Fact]
    public void In_slices_it_is_the_same_as_in_one_go()
    {
        var dump = core.BeginDump();
        var slices = 1;
        while (!dump.Continue(3, Start))
            slices++;

        slices.Should().Be(4, "of ten groups");
        RouterStateJson
            .ToText(new RouterState { Interfaces = [dump.ToState()] })
            .Should()
            .Be(RouterStateJson.ToText(new RouterState { Interfaces = [core.Dump(Start)] }));
    }

    [Fact]
    public void Each_group_is_as_it_was_when_its_turn_came()
    {
        var later = Start + TimeSpan.FromSeconds(1);
        var dump = core.BeginDump();
        dump.Continue(5, Start).Should().BeFalse();
        for (var i = 0; i < 10; i++)
            Report(RecordType.IsExclude, i, later);

        dump.Continue(5, later).Should().BeTrue();

        // A timer is never told with more than there is to it: GMI is 2 × 125 s + 2 × 10 s (RFC 9776 §8.4).
        dump.ToState().Groups.Should().HaveCount(10).And.OnlyContain(each => each.Expires == TimeSpan.FromSeconds(270));
        dump.ToState().Groups.Count(each => each.UpTime == TimeSpan.FromSeconds(1)).Should().Be(5);
    }

    [Fact]
    public void What_goes_or_comes_in_between_is_not_told()
    {
        var dump = core.BeginDump();
        dump.Continue(5, Start).Should().BeFalse();
        core.LinkDown(Start);
        core.LinkUp(Lower, Start);
        Report(RecordType.ToExclude, 42, Start);
        Report(RecordType.ToExclude, 9, Start);

        dump.Continue(100, Start).Should().BeTrue();

        dump.ToState()
            .Groups.Should()
            .HaveCount(5, "they were there when they were asked for; a group of the same address that came later is another one");
    }

    [Fact]
    public void A_summary_has_the_number_of_groups_and_comes_back_from_its_text()
    {
        var summary = core.Summary(Start);

        summary.Groups.Should().BeEmpty();
        summary.GroupCount.Should().Be(10);
        var text = RouterStateJson.ToText(new RouterState { Interfaces = [summary] });
        text.Should().Contain("\"groups-count\":10");
        RouterStateJson.Read(text).Interfaces.Single().GroupCount.Should().Be(10);
    }

    [Fact]
    public void Piece_by_piece_the_text_is_the_same()
    {
        for (var i = 0; i < 2_000; i++)
            Report(RecordType.ToExclude, i, Start);
        var state = new RouterState { Interfaces = [core.Dump(Start)] };
        var whole = new ArrayBufferWriter<byte>();
        var pieces = 0;

        foreach (var piece in RouterStateJson.Pieces(state))
        {
            piece.Length.Should().BeLessThan(70_000);
            whole.Write(piece.Span);
            pieces++;
        }

        pieces.Should().BeGreaterThan(5);
        Encoding.UTF8.GetString(whole.WrittenSpan).Should().Be(RouterStateJson.ToText(state));
    }

    [Fact]
    public void Half_a_dump_is_none() =>
        FluentActions.Invoking(() => core.BeginDump().ToState()).Should().Throw<InvalidOperationException>();

    private Address Group(int number) => Named(0xEF01_0000 + (uint)number);

    private void Report(RecordType type, int number, Instant now)
    {
        var length = Dialect.Write(
            buffer, new SendReport(new ReportContent([new RecordContent(type, Group(number), [])]), Dialect.ReportDestination), Host1);
        Dialect.TryRead(buffer.AsSpan(0, length), out var message).Should().Be(PacketError.None);
        core.Receive(message, now);
    }

    public sealed class Igmp() : InterfaceDumpTests(Vocabulary.Igmp);

    public sealed class Mld() : InterfaceDumpTests(Vocabulary.Mld);
}
