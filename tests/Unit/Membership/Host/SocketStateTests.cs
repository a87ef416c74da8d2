using FluentAssertions;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;
using static MulticastLab.Tests.Membership.Host.HostUnderTest;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>
/// Requests of sockets and their merge into the interface state (RFC 9776 §2, §3.1, §3.2). RV = 1: each change is told once.
/// </summary>
public abstract class SocketStateTests(Vocabulary words) : HostTests(words)
{
    private readonly HostUnderTest host = new(words, robustness: 1);

    [Fact]
    public void V3_H_2_01_A_classic_join_is_EXCLUDE_of_nothing()
    {
        host.Exclude("G1", "");

        host.TakeAll().Should().Equal("TO_EX(G1,{})");
        host.State("G1").Should().Be("EXCLUDE{}");
    }

    [Fact]
    public void V3_H_2_02_A_classic_leave_is_INCLUDE_of_nothing()
    {
        host.Exclude("G1", "").Include("G1", "");

        host.TakeAll().Should().Equal("TO_EX(G1,{})", "TO_IN(G1,{})");
        host.Host.Dump().Should().BeEmpty();
    }

    [Fact]
    public void V3_H_2_03_A_request_replaces_mode_and_list()
    {
        host.Include("G1", "S1,S2").Take();

        host.Include("G1", "S3");

        host.TakeAll().Should().Equal("ALLOW(G1,{S3}) BLOCK(G1,{S1,S2})");
        host.State("G1").Should().Be("INCLUDE{S3}");
    }

    [Fact]
    public void V3_H_2_04_At_least_64_sources_are_taken_and_an_excess_is_an_error_without_effect()
    {
        var small = NewHost(settings: new HostSettings { MaxSources = 64 });
        small.Include("G1", Sources(64));
        small.TakeAll();
        var before = small.State("G1");

        small
            .Invoking(each => each.Include("G1", Sources(65)))
            .Should()
            .Throw<ListenException>()
            .Which.Error.Should()
            .Be(ListenError.TooManySources);
        small
            .Invoking(each => each.Exclude("G1", Sources(65)))
            .Should()
            .Throw<ListenException>()
            .Which.Error.Should()
            .Be(ListenError.TooManySources);

        small.TakeAll().Should().BeEmpty();
        small.State("G1").Should().Be(before);
        FluentActions.Invoking(() => NewHost(settings: new HostSettings { MaxSources = 63 })).Should().Throw<ArgumentOutOfRangeException>();
    }

    // §2: a request replaces what the socket asked for before, so the two never count together.
    [Theory]
    [InlineData(FilterMode.Include)]
    [InlineData(FilterMode.Exclude)]
    public void A_list_as_long_as_it_may_be_can_be_replaced_by_another(FilterMode mode)
    {
        var small = NewHost(settings: new HostSettings { MaxSources = 64 });
        small.Listen("G1", mode, Sources(64));

        small.Listen("G1", mode, Sources(63) + ",S1").Listen("G1", mode, string.Join(',', Sources(128).Split(',')[64..]));

        small.Host.Dump().Single().Sources.Should().Equal(Sources(128).Split(',')[64..].Select(Named));
    }

    [Fact]
    public void V3_H_3_1_01_Leaving_what_was_not_joined_or_twice_sends_nothing()
    {
        host.Include("G1", "");
        host.TakeAll().Should().BeEmpty();

        host.Exclude("G1", "").Include("G1", "").Include("G1", "");
        host.TakeAll().Should().Equal("TO_EX(G1,{})", "TO_IN(G1,{})");
    }

    [Fact]
    public void V3_H_3_2_01_EXCLUDE_is_what_all_exclude_and_none_includes()
    {
        // The example of §3.2, and the reports of the requirement.
        host.Exclude("G1", "a,b,c,d", socket: 1).Exclude("G1", "b,c,d,e", socket: 2).Include("G1", "d,e,f", socket: 3);
        host.State("G1").Should().Be("EXCLUDE{S2,S3}");

        host.Exclude("G1", "", socket: 4);

        host.State("G1").Should().Be("EXCLUDE{}");
        host.TakeAll().Should().Equal("TO_EX(G1,{S1,S2,S3,S4})", "ALLOW(G1,{S1})", "ALLOW(G1,{S4})", "ALLOW(G1,{S2,S3})");
    }

    [Fact]
    public void V3_H_3_2_02_INCLUDE_is_what_any_includes()
    {
        host.Include("G1", "a,b,c", socket: 1).Include("G1", "b,c,d", socket: 2).Include("G1", "e,f", socket: 3);

        host.TakeAll().Should().Equal("ALLOW(G1,{S1,S2,S3})", "ALLOW(G1,{S4})", "ALLOW(G1,{S5,S6})");
        host.Query().TakeAll().Should().Equal("IS_IN(G1,{S1,S2,S3,S4,S5,S6})");
    }

    [Fact]
    public void V3_H_3_2_03_and_04_Too_many_sources_of_all_sockets_are_an_error_never_an_EXCLUDE()
    {
        var small = NewHost(robustness: 1, settings: new HostSettings { MaxSources = 64 });
        small.Include("G1", Sources(64), socket: 1).Include("G1", "10.2.0.0", socket: 2);

        small
            .Invoking(each => each.Include("G1", "S1", socket: 2))
            .Should()
            .Throw<ListenException>()
            .Which.Error.Should()
            .Be(ListenError.TooManySources);

        small.Include("G1", "", socket: 1);
        small.State("G1").Should().Be("INCLUDE{10.2.0.0}");
        small.TakeAll().Should().OnlyContain(text => !text.Contains("EX"));
    }

    [Fact]
    public void V3_H_3_2_04_Closing_the_EXCLUDE_socket_cannot_exceed_the_limit()
    {
        var small = NewHost(robustness: 1, settings: new HostSettings { MaxSources = 64 });
        small.Exclude("G1", "", socket: 1).Include("G1", Sources(64), socket: 2);

        small
            .Invoking(each => each.Include("G1", "S1", socket: 3))
            .Should()
            .Throw<ListenException>()
            .Which.Error.Should()
            .Be(ListenError.TooManySources);

        small.Close(1);
        small.Host.Dump().Single().Sources.Should().HaveCount(64);
    }

    [Fact]
    public void V3_H_3_2_05_What_does_not_change_the_interface_is_not_reported()
    {
        host.Exclude("G1", "", socket: 1).Exclude("G1", "", socket: 2).Close(2);
        host.TakeAll().Should().Equal("TO_EX(G1,{})");

        host.Include("G2", "a,b", socket: 1).Include("G2", "a", socket: 2).Include("G2", "b", socket: 2);
        host.TakeAll().Should().Equal("ALLOW(G2,{S1,S2})");
    }

    [Fact]
    public void V3_H_3_2_06_Closing_the_last_EXCLUDE_socket_leaves_what_the_others_include()
    {
        host.Exclude("G1", "", socket: 1).Include("G1", "a,b", socket: 2).Take();

        host.Close(1);

        host.TakeAll().Should().Equal("TO_IN(G1,{S1,S2})");
    }

    [Fact]
    public void V3_H_3_2_06_Closing_a_socket_leaves_all_its_groups_in_one_report()
    {
        host.Exclude("G2", "").Include("G1", "S1").Exclude("G3", "", socket: 2).Take();

        host.Close(1);

        host.TakeAll().Should().Equal("BLOCK(G1,{S1}) TO_IN(G2,{})");
        host.Host.Dump().Select(each => each.Group).Should().Equal(Named("G3"));
    }

    [Fact]
    public void V3_H_3_2_08_Delivery_obeys_the_filter_of_the_socket_the_LAN_that_of_the_interface()
    {
        host.Include("G1", "a", socket: 1).Include("G1", "b", socket: 2);

        bool[] Of(string source) =>
            [
                host.Host.Accepts(1, Named(source), Named("G1")), host.Host.Accepts(2, Named(source), Named("G1")),
                host.Host.Accepts(Named(source), Named("G1"))];

        Of("a").Should().Equal(true, false, true);
        Of("b").Should().Equal(false, true, true);
        Of("c").Should().Equal(false, false, false);
        host.Host.Accepts(Named("a"), Named("G2")).Should().BeFalse();
    }

    [Fact]
    public void An_EXCLUDE_filter_accepts_what_it_does_not_list()
    {
        host.Exclude("G1", "a");

        host.Host.Accepts(Named("a"), Named("G1")).Should().BeFalse();
        host.Host.Accepts(Named("b"), Named("G1")).Should().BeTrue();
    }

    [Fact]
    public void V3_H_5_02_All_systems_is_always_accepted() => host.Host.Accepts(Named("10.0.0.1"), Named("224.0.0.1")).Should().BeTrue();

    [Fact]
    public void V3_H_5_03_All_systems_is_never_reported()
    {
        host.Exclude("224.0.0.1", "").Query(seconds: 1).Query("224.0.0.1", seconds: 1).LinkUp().Include("224.0.0.1", "");

        host.TakeAll().Should().BeEmpty();
    }

    [Fact]
    public void V3_H_5_04_Other_groups_of_the_local_network_are_reported()
    {
        host.Exclude("224.0.0.251", "").Query();

        host.TakeAll().Should().Equal("TO_EX(224.0.0.251,{})", "IS_EX(224.0.0.251,{})");
    }

    [Theory]
    [InlineData("10.1.1.1", "", ListenError.NotAGroup)]
    [InlineData("G1", "239.1.1.2", ListenError.NotASource)]
    [InlineData("G1", "0.0.0.0", ListenError.NotASource)]
    public void Addresses_that_make_no_sense_are_refused(string group, string sources, ListenError error)
    {
        host.Invoking(each => each.Include(group, sources)).Should().Throw<ListenException>().Which.Error.Should().Be(error);
        host.TakeAll().Should().BeEmpty();
    }

    [Fact]
    public void Repeated_sources_count_once()
    {
        host.Include("G1", "S2,S1,S2");

        host.TakeAll().Should().Equal("ALLOW(G1,{S1,S2})");
    }

    [Theory]
    [InlineData("232.0.0.1", true)]
    [InlineData("232.255.255.255", true)]
    [InlineData("231.255.255.255", false)]
    [InlineData("233.0.0.1", false)]
    public void V3_S_2_01_and_V3_S_2_1_01_A_join_without_sources_is_refused_in_232_8_only(string group, bool refused)
    {
        var join = host.Invoking(each => each.Exclude(group, ""));

        if (refused)
            join.Should().Throw<ListenException>().Which.Error.Should().Be(ListenError.ExcludeInSourceSpecificRange);
        else
            join.Should().NotThrow();
        host.TakeAll().Should().HaveCount(refused ? 0 : 1);
    }

    [Fact]
    public void V3_S_2_2_01_and_V3_S_4_2_13_01_Source_specific_groups_see_IS_IN_ALLOW_and_BLOCK_only()
    {
        host.Include("M1", "S1").Query().Pass(10).Include("M1", "S2,S3").Query("M1").Pass(10);
        host.Invoking(each => each.Exclude("M1", "S1", socket: 2)).Should().Throw<ListenException>();
        host.Query("M1", "S3,S4").Pass(10).Include("M1", "");

        host.TakeAll()
            .Should()
            .Equal(
                "ALLOW(M1,{S1})", "IS_IN(M1,{S1})", "ALLOW(M1,{S2,S3}) BLOCK(M1,{S1})", "IS_IN(M1,{S2,S3})", "IS_IN(M1,{S3})",
                "BLOCK(M1,{S2,S3})");
    }

    public sealed class Igmp() : SocketStateTests(Vocabulary.Igmp)
    {
        [Theory]
        [InlineData("ff02::1", "", ListenError.NotAGroup)]
        [InlineData("G1", "S1,2001:db8::1", ListenError.NotASource)]
        public void Addresses_of_IPv6_are_refused(string group, string sources, ListenError error) =>
            Addresses_that_make_no_sense_are_refused(group, sources, error);
    }

    public sealed class Mld() : SocketStateTests(Vocabulary.Mld)
    {
        [Fact]
        public void Addresses_of_IPv4_are_refused()
        {
            var (group, source) = (Address.Parse("239.1.1.1"), Address.Parse("192.0.2.1"));
            host.Host.Invoking(each => each.Listen(1, group, SourceFilter.AnySource, host.Now))
                .Should()
                .Throw<ListenException>()
                .Which.Error.Should()
                .Be(ListenError.NotAGroup);
            host.Host.Invoking(each => each.Listen(1, Named("G1"), SourceFilter.Of(FilterMode.Include, [source]), host.Now))
                .Should()
                .Throw<ListenException>()
                .Which.Error.Should()
                .Be(ListenError.NotASource);
            host.TakeAll().Should().BeEmpty();
        }

        [Theory]
        [InlineData("ff00::1")]
        [InlineData("ff10::1")]
        [InlineData("ff01::1")]
        [InlineData("ff11::1:1")]
        [Shows("L2-H-6-04")]
        public void Groups_that_stay_in_the_host_are_never_reported(string group)
        {
            host.Exclude(group, "").Query(seconds: 1).Query(group, seconds: 1).LinkUp().Include(group, "S1").Include(group, "");

            host.TakeAll().Should().BeEmpty();
        }

        [Theory]
        [InlineData("ff02::2")]
        [InlineData("ff02::16")]
        [InlineData("ff02::1:ff00:11")]
        [InlineData("ff05::2")]
        [Shows("L2-H-6-05", "L2-H-6-06")]
        public void All_others_are_reported_those_of_the_link_too(string group)
        {
            host.Exclude(group, "");

            host.Sent.Single().Report.Records.Single().Group.Should().Be(Address.Parse(group));
        }

        // RFC 4607 §1: ff3x::/32, whatever the scope x.
        [Theory]
        [InlineData("ff32::1", true)]
        [InlineData("ff3e::8000:1", true)]
        [InlineData("ff3e:0:ffff::1", true)]
        [InlineData("ff3e:30::1", false)]
        [InlineData("ff2e::1", false)]
        [InlineData("ff4e::1", false)]
        [Shows("L2-S-2-01", "L2-S-2.1-01")]
        public void A_join_without_sources_is_refused_in_ff3x_32_only(string group, bool refused) =>
            V3_S_2_01_and_V3_S_2_1_01_A_join_without_sources_is_refused_in_232_8_only(group, refused);
    }
}
