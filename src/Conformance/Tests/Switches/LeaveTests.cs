using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.SwitchBench;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Switches;

/// <summary>What a leave changes, and what it does not (RFC 4541 §2.1.1).</summary>
internal static class LeaveTests
{
    // Ends memberships without waiting for who else may be there.
    private const string ImmediateLeave = "immediate-leave";

    internal static IEnumerable<ConformanceTest> All => new ConformanceTest[]
    {
        Left(
            "switch-sends-leaves-to-router", "A leave comes to the router.", lab => lab.Host1.Report(ToInclude(lab.G1))),
        Left(
            "switch-sends-older-leaves-to-router", "A leave of the version before comes to the router.",
            lab => lab.Host1.OlderLeave(lab.G1)),
        new SwitchTest(
            "switch-where-leaves-go", ["V3-N-2.1.1-01"],
            "Where leaves of the version before go, which are no reports, beside the router's port.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Settle();

                await lab.Step("A host leaves");
                var leave = await lab.Host1.OlderLeave(lab.G1);
                lab.ExpectAtLeast(leave, RouterPort);
                var ports = await lab.Reaches(leave);
                lab.Observe($"sends leaves to {string.Join(", ", ports)}");
            }),
        new SwitchTest(
            "switch-keeps-member-that-answers", ["V3-N-2.1.1-10"],
            "Of two hosts on a port one leaves; the other answers the querier, and goes on getting the group.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Host2.Report(IsExclude(lab.G1));
                var stream = await lab.Stream(lab.S1, lab.G1, (2 * lab.Timing.LastMemberQueryTime) + (6 * lab.Tolerance));
                await lab.Settle();

                await lab.Step("One leaves, the querier asks, the other answers");
                lab.Expect(stream.On(MemberPort).HasNoGap());
                await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Querier.Query(lab.Specific(lab.G1));
                await lab.Host2.Report(IsExclude(lab.G1));
                await lab.Pass(lab.Timing.LastMemberQueryTime + (3 * lab.Tolerance));
            }),
        new SwitchTest(
            "switch-keeps-members-on-other-port", ["V3-N-2.1.1-10"],
            "A host leaves that is the only one on its port; a host on another port goes on getting the group.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Host3.Report(IsExclude(lab.G1));
                var stream = await lab.Stream(lab.S1, lab.G1, (2 * lab.Timing.LastMemberQueryTime) + (6 * lab.Tolerance));
                await lab.Settle();

                await lab.Step("One leaves, the querier asks, the other answers");
                lab.Expect(stream.On(OtherPort).HasNoGap());
                await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Querier.Query(lab.Specific(lab.G1));
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Pass(lab.Timing.LastMemberQueryTime + (3 * lab.Tolerance));
            }),
        new SwitchTest(
            "switch-ends-membership-that-nobody-confirms", ["V3-N-2.1.2-01"],
            "A host leaves, the querier asks Last Member Query Count times, and nobody answers: its port gets the group no longer than "
                + "any that is silent, and the port of another member does.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.Start();
                await lab.Host1.Report(IsExclude(lab.G1));
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Settle();

                await lab.Step("The last host on a port leaves, and the querier asks");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                for (var i = 0; i < t.LastMemberQueryCount; i++)
                {
                    await lab.Querier.Query(lab.Specific(lab.G1));
                    await lab.Host3.Report(IsExclude(lab.G1));
                    await lab.Pass(t.LastMemberQueryInterval);
                }

                await lab.Pass(lab.Tolerance + Streaming.Follows);
                var soon = await lab.Data(lab.S1, lab.G1);
                lab.ExpectAtLeast(soon, RouterPort, OtherPort);
                if ((await lab.Reaches(soon)).Contains(MemberPort))
                    lab.Observe($"goes on sending {lab.G1} where its last member has left and nobody has answered");
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Pass(leave.At + t.GroupMembershipInterval + Streaming.Follows + lab.Tolerance - lab.Now.At);
                await lab.Host3.Report(IsExclude(lab.G1));
                lab.ExpectOnly(await lab.Data(lab.S2, lab.G1), RouterPort, OtherPort);
            }),
        new SwitchTest(
            "switch-ignores-leave-with-wrong-checksum", ["V3-N-2.1.1-07"],
            "A leave with a wrong checksum ends no membership, not even where leaves end it at once.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Settle();
                await lab.Host1.OlderLeave(lab.G1, packet => packet with { ChecksumOff = 1 });
                await lab.Settle();

                await lab.Step("The source sends after a leave that does not count");
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, MemberPort, OtherPort);
            }) { Preferred = [ImmediateLeave] },
        new SwitchTest(
            "switch-leaves-at-once", ["V3-N-2.1.1-10"],
            "Set to end memberships at once, it does so for the port of the host that has left, and for no other.",
            async lab =>
            {
                await lab.StartSnooping();
                await lab.Host3.Report(IsExclude(lab.G1));
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Settle();

                await lab.Step("A host leaves");
                lab.ExpectAtLeast(await lab.Host1.OlderLeave(lab.G1), RouterPort);
                await lab.Settle();
                lab.ExpectOnly(await lab.Data(lab.S1, lab.G1), RouterPort, OtherPort);
            }) { Options = [ImmediateLeave] },
    };

    private static SwitchTest Left(string name, string purpose, Func<SwitchBench, Task<Moment>> leave) =>
        new(name, ["V3-N-2.1.1-10"], purpose, async lab =>
        {
            await lab.StartSnooping();
            await lab.Host1.Report(IsExclude(lab.G1));
            await lab.Host2.OlderReport(Generation.Leaves, lab.G1);
            await lab.Settle();

            await lab.Step("A host leaves");
            lab.ExpectAtLeast(await leave(lab), RouterPort);
        });
}
