using FluentAssertions;
using MulticastLab.Conformance;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;
using static MulticastLab.Tests.Conformance.TestedDevice;

namespace MulticastLab.Tests.Conformance;

/// <summary>The judge: which verdict a test gets, and that nothing but what was shown is passed.</summary>
public sealed class VerdictTests : IDisposable
{
    private const string Policy = "V3-M-4-03";

    private readonly TestedDevice device = new();

    public void Dispose() => device.Dispose();

    [Fact]
    public async Task What_is_as_expected_is_passed()
    {
        var report = await device.Play(Test(Right));

        (report.Verdict, report.Reason, report.Attempts).Should().Be((Verdict.Pass, null, 1));
        report.Requirements.Should().Equal("V3-R-8.10-01");
        report.Sections.Should().Equal("RFC 9776 §8.10");
        report.Level.Should().Be("implied");
        report.RestsOn.Should().Equal("wire");
    }

    [Fact]
    public async Task What_is_not_as_expected_has_failed_with_the_offending_frame()
    {
        var report = await device.Play(Test(Wrong));

        (report.Verdict, report.Attempts).Should().Be((Verdict.Fail, 1));
        report.Expected.Should().StartWith("never any query");
        report.Seen.Should().Be("seen");
        report.Frames.Should().NotBeEmpty();
        report.Filter.Should().MatchRegex("^igmp && frame.number (==|in)");
        report.Breaks.Should().BeTrue();
    }

    [Theory]
    [InlineData(null, Verdict.Pass)]
    [InlineData("10.0.0.77", Verdict.Fail)]
    public async Task A_state_that_leaves_the_querier_out_is_not_held_against_a_device(string? shown, Verdict verdict)
    {
        var machine = new Machine
        {
            Shows = state => state with { Querier = shown is null || state.IsQuerier ? null : Address.Parse(shown) },
        };

        var report = await device.Play(TestCatalog.Find("still-lower-address-wins")!, machine);

        report.Verdict.Should().Be(verdict);
    }

    [Fact]
    public async Task What_only_observes_never_fails()
    {
        var report = await device.Play(Test(Wrong, Policy));

        (report.Verdict, report.Breaks).Should().Be((Verdict.Observation, false));
        report.Seen.Should().Be("seen");
    }

    [Fact]
    public async Task What_was_observed_is_reported()
    {
        var report = await device.Play(Test(
            async lab =>
            {
                await Right(lab);
                lab.Observe("does as it likes");
            },
            Policy));

        (report.Verdict, report.Reason).Should().Be((Verdict.Observation, "The device does as it likes."));
    }

    [Fact]
    public async Task A_device_that_cannot_be_brought_to_the_beginning_is_neither_right_nor_wrong()
    {
        var report = await device.Play(Test(async lab =>
        {
            await lab.StartQuerier();
            lab.Expect(Query(lab.G1).From(lab.Device), since: lab.Now);
            throw Bench.CannotBegin("It is lazy");
        }));

        (report.Verdict, report.Reason, report.Attempts).Should().Be((Verdict.Inconclusive, "It is lazy", 1));
    }

    [Fact]
    public async Task What_failed_before_the_test_could_not_go_on_has_failed()
    {
        var report = await device.Play(Test(async lab =>
        {
            await Wrong(lab);
            await lab.Step("The next one");
            throw Bench.CannotBegin("It is lazy");
        }));

        report.Verdict.Should().Be(Verdict.Fail);
    }

    [Fact]
    public async Task A_test_that_expects_nothing_shows_nothing()
    {
        var report = await device.Play(Test(async lab => await lab.StartQuerier()));

        report.Verdict.Should().Be(Verdict.Inconclusive);
        report.Reason.Should().Contain("shown nothing");
    }

    [Fact]
    public async Task A_defect_of_a_test_is_told_and_the_others_are_played()
    {
        var report = await device.Run(
            null,
            null,
            Test(_ => throw new FormatException("a defect")),
            new RouterTest("b-test", ["V3-R-8.10-01"], "It is right.", Right));

        report.Tests.Select(each => each.Verdict).Should().Equal(Verdict.Inconclusive, Verdict.Pass);
        report.Tests[0].Reason.Should().StartWith("The test itself has failed, a defect of the suite: System.FormatException: a defect");
    }

    [Fact]
    public async Task A_lost_frame_voids_the_run_and_is_tried_again()
    {
        var machine = new Machine { FramesLost = lab => lab < 3 ? 1 : 0 };

        var report = await device.Play(Test(Right), machine);

        (report.Verdict, report.Attempts, machine.Labs).Should().Be((Verdict.Pass, 3, 3));
    }

    [Fact]
    public async Task A_capture_that_goes_on_losing_frames_gives_no_verdict()
    {
        var report = await device.Play(Test(Right), new Machine { FramesLost = _ => 2 });

        (report.Verdict, report.Reason, report.Attempts).Should().Be((Verdict.Inconclusive, "The capture has lost 2 frames.", 3));
    }

    [Fact]
    public async Task A_failure_while_the_machine_stalled_is_nobodys()
    {
        var report = await device.Play(Test(Wrong), new Machine { Disturbances = lab => lab == 1 ? [Stall(1)] : [] });

        (report.Verdict, report.Attempts).Should().Be((Verdict.Fail, 2));
    }

    [Fact]
    public async Task A_machine_that_goes_on_stalling_gives_no_verdict()
    {
        var report = await device.Play(Test(Wrong), new Machine { Disturbances = _ => [Stall(1)] });

        (report.Verdict, report.Attempts).Should().Be((Verdict.Inconclusive, 3));
        report.Reason.Should().StartWith("The machine kept the lab waiting");
    }

    [Fact]
    public async Task What_passes_in_spite_of_a_stall_has_passed() =>
        (await device.Play(Test(Right), new Machine { Disturbances = _ => [Stall(1)] })).Verdict.Should().Be(Verdict.Pass);

    [Fact]
    public async Task What_was_sent_late_gives_no_verdict()
    {
        var report = await device.Play(
            Test(async lab =>
            {
                await lab.StartQuerier();
                lab.ExpectQueries(Query(lab.G1), since: await lab.Host1.Report(ToInclude(lab.G1)));
            }),
            new Machine { SendsLate = 1.Milliseconds() });

        (report.Verdict, report.Attempts).Should().Be((Verdict.Inconclusive, 3));
        report.Reason.Should().Contain("sent").And.Contain("later than it should have been");
    }

    [Fact]
    public async Task What_could_not_be_sent_at_all_gives_no_verdict()
    {
        var report = await device.Play(
            Test(async lab =>
            {
                await Right(lab);
                await lab.Host1.QueryEvery(lab.General, 1.Seconds(), 3.Seconds());
                await lab.Pass(5.Seconds());
            }),
            new Machine { SendsNothingScheduled = true });

        (report.Verdict, report.Attempts).Should().Be((Verdict.Inconclusive, 3));
        report.Reason.Should().Be("The tester could not send a frame that was due.");
    }

    [Fact]
    public async Task A_state_that_was_read_too_late_gives_no_verdict()
    {
        var report = await device.Play(Test(async lab =>
        {
            await Right(lab);
            lab.IsStale = true;
        }));

        (report.Verdict, report.Reason, report.Attempts)
            .Should().Be((Verdict.Inconclusive, "The device's state could not be read in time.", 3));
    }

    [Fact]
    public async Task What_would_take_too_long_gives_no_verdict()
    {
        var report = await device.Play(Test(async lab =>
        {
            await Right(lab);
            throw new OutOfPatienceException();
        }));

        (report.Verdict, report.TooLong, report.Attempts).Should().Be((Verdict.Inconclusive, true, 1));
    }

    [Fact]
    public async Task A_device_that_dies_in_a_test_has_failed_it()
    {
        var report = await device.Play(Test(async lab =>
        {
            await Right(lab);
            throw new DeviceDiedException("dut", "router", "last words");
        }));

        report.Verdict.Should().Be(Verdict.Fail);
        report.Reason.Should().StartWith("The device has died").And.Contain("last words");
    }

    [Fact]
    public async Task A_requirement_fails_when_one_of_its_tests_fails()
    {
        var report = await device.Run(
            null, null, Test(Right), new RouterTest("b-test", ["V3-R-8.10-01"], "It is wrong.", Wrong),
            new RouterTest("c-test", ["V3-R-8.10-01"], "It is right again.", Right));

        report.Requirements.Should().ContainSingle().Which.Verdict.Should().Be(Verdict.Fail);
        report.Breaks.Should().BeTrue();
    }

    [Fact]
    public async Task A_requirement_is_not_passed_by_an_inconclusive_test()
    {
        var report = await device.Run(null, null, Test(async lab => await lab.StartQuerier()));

        report.Requirements.Should().ContainSingle().Which.Verdict.Should().Be(Verdict.Inconclusive);
        (report.Summary["pass"], report.Summary["inconclusive"], report.Breaks).Should().Be((0, 1, false));
    }

    [Fact]
    public async Task The_capture_has_the_frames_and_the_verdict()
    {
        var report = await device.Play(Test(Wrong), reportFolder: device.Folder);

        report.Pcapng.Should().Be("captures/a-test.pcapng");
        File.Exists(Path.Combine(device.Folder, report.Pcapng!)).Should().BeTrue();
    }

    [Theory]
    [InlineData("lacks: { \"V3-R-8.*\": \"no last members\" }\n", "The device's own word: no last members.")]
    [InlineData("lacks: { \"V3-*-8.10-*\": \"none\" }\n", "The device's own word: none.")]
    [InlineData("lacks: { \"V3-R-8\": \"none\" }\n", null)]
    [InlineData("lacks: { \"*-R-8.1-01\": \"none\" }\n", null)]
    public async Task What_a_device_declares_as_lacking_does_not_apply(string yaml, string? reason)
    {
        using var lacking = new TestedDevice(yaml);

        var report = await lacking.Play(Test(Right));

        (report.Verdict, report.Reason).Should().Be((reason is null ? Verdict.Pass : Verdict.NotApplicable, reason));
    }

    [Fact]
    public async Task An_option_that_the_device_has_not_makes_a_test_not_apply()
    {
        var report = await device.Play(
            new RouterTest("a-test", ["V3-R-8.10-01"], "It needs an option.", Right) { Options = ["forward"] });

        (report.Verdict, report.Reason).Should().Be((Verdict.NotApplicable, "The device has no option 'forward'."));
    }

    [Fact]
    public async Task A_version_that_the_device_cannot_be_set_to_makes_a_test_not_apply()
    {
        using var versions = new TestedDevice("timers: { VERSION: { default: 3, min: 2, step: 1 } }\n");

        (await versions.Play(new RouterTest("a-test", ["V3-R-8.10-01"], "It needs a version.", Right) { Version = 1 }))
            .Verdict.Should().Be(Verdict.NotApplicable);
        (await versions.Play(new RouterTest("a-test", ["V3-R-8.10-01"], "It needs a version.", Right) { Version = 3 }))
            .Verdict.Should().Be(Verdict.Pass);
    }

    [Fact]
    public async Task A_device_of_an_older_version_is_tested_with_the_tests_of_that_version()
    {
        using var older = new TestedDevice("timers: { VERSION: { default: 2 } }\n");

        (await older.Play(Test(Right))).Reason.Should().Be("The device does not speak version 3.");
        (await older.Play(new RouterTest("a-test", ["V3-R-8.10-01"], "It is of version 2.", Right) { Version = 2 }))
            .Verdict.Should().NotBe(Verdict.NotApplicable);
    }

    [Fact]
    public async Task What_the_timers_of_the_device_cannot_show_does_not_apply()
    {
        var report = await device.Play(new RouterTest("a-test", ["V3-R-8.10-01"], "It needs another count.", Right)
        {
            Timing = usual => usual with { LastMemberQueryCount = 3 },
            Unfit = timing => timing.LastMemberQueryCount == 3 ? null : "the Last Member Query Count is 2",
        });

        (report.Verdict, report.Reason).Should().Be(
            (Verdict.NotApplicable, "The device's timers do not show it: the Last Member Query Count is 2."));
    }

    [Fact]
    public async Task A_test_that_shows_more_than_what_the_device_lacks_applies()
    {
        using var lacking = new TestedDevice("lacks: { \"V3-R-8.10-01\": \"no last members\" }\n");

        var report = await lacking.Play(Test(Right, "V3-R-8.10-01", "V3-R-6.4.2-05"));

        report.Verdict.Should().Be(Verdict.Pass);
    }

    private static Disturbance Stall(double at) =>
        new(Instant.Epoch + TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(1), "a stall of this test");

    private static async Task Right(RouterBench lab)
    {
        await lab.StartQuerier();
        await lab.Bring(lab.G1, Exclude());
        lab.ExpectQueries(Query(lab.G1), since: await lab.Host1.Report(ToInclude(lab.G1)));
    }

    private static async Task Wrong(RouterBench lab)
    {
        await lab.StartQuerier();
        await lab.Bring(lab.G1, Exclude());
        lab.ExpectNoQueries(lab.G1, since: await lab.Host1.Report(ToInclude(lab.G1)));
        await lab.PassLastMemberQueryTime();
    }
}
