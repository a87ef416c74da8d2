using FluentAssertions;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Lab.Topologies;

/// <summary>Kathará's format as its manual pages kathara-lab.conf(5), kathara-lab.dep(5) and kathara-lab-dirs(7) describe it.</summary>
public sealed class TopologyReaderTests
{
    /// <summary>The example of kathara-lab.conf(5), word for word but for its indent.</summary>
    private const string ManualPage = """
        LAB_NAME="Example" 
        LAB_DESCRIPTION="A simple example of lab.conf"
        LAB_VERSION=1.0
        LAB_AUTHOR="Kathara Authors"
        LAB_EMAIL=contact@kathara.org
        LAB_WEB=http://www.kathara.org/

        r1[0]="A"
        r1[1]="B/02:42:ac:11:00:02" # Specify the MAC address assigned to interface eth1 of r1
        r1[port]="32000"
        r1[image]="namespace/image_name"
        r1[sysctl]="net.ipv6.conf.all.forwarding=1"

        r2[0]="C"
        r2[1]="B"
        r2[port]="2000:500/udp"
        r2[exec]="echo Hi"

        pc1[0]="A"
        pc1[bridged]="true"

        pc2[0]="C"
        pc2[mem]="128m"
        pc2[shell]="/bin/sh" 
        """;

    [Fact]
    public void The_example_of_the_manual_page_is_read()
    {
        using var folder = new LabFolder(ManualPage);

        var lab = folder.Read();

        lab.Name.Should().Be("Example");
        lab.Meta.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["LAB_NAME"] = "Example",
            ["LAB_DESCRIPTION"] = "A simple example of lab.conf",
            ["LAB_VERSION"] = "1.0",
            ["LAB_AUTHOR"] = "Kathara Authors",
            ["LAB_EMAIL"] = "contact@kathara.org",
            ["LAB_WEB"] = "http://www.kathara.org/",
        });
        lab.Nodes.Select(node => node.Name).Should().Equal("r1", "r2", "pc1", "pc2");
        lab.Lans.Should().Equal("A", "B", "C");
        lab.Nodes.SelectMany(node => node.Interfaces.Select(each => $"{node.Name} {each.Interface} {each.Lan}"))
            .Should().Equal("r1 eth0 A", "r1 eth1 B", "r2 eth0 C", "r2 eth1 B", "pc1 eth0 A", "pc2 eth0 C");
        lab.Nodes[0].Interfaces[1].Mac.ToString().Should().Be("02:42:ac:11:00:02");
        lab.Nodes[0].Options["sysctl"].Should().Equal("net.ipv6.conf.all.forwarding=1");
        lab.Nodes[1].Options["exec"].Should().Equal("echo Hi");
        lab.StartOrder.Should().Equal(lab.Nodes);
    }

    [Fact]
    public void Options_that_have_no_effect_here_are_warned_of()
    {
        using var folder = new LabFolder(ManualPage);

        folder.Warnings().Should().Equal(
            "lab.conf:10:4: the option 'port' has no effect here",
            "lab.conf:16:4: the option 'port' has no effect here",
            "lab.conf:20:5: the option 'bridged' has no effect here",
            "lab.conf:23:5: the option 'mem' has no effect here",
            "lab.conf:24:5: the option 'shell' has no effect here");
    }

    [Theory]
    [InlineData("r1[0]=\"A\"")]
    [InlineData("r1[0]='A'")]
    [InlineData("r1[0]=A")]
    [InlineData("  r1[0]=\"A\"  \r")]
    [InlineData("r1[0]=A # upstream")]
    [InlineData("r1[0]=\"A\"\t# upstream \"or\" 'so'")]
    [InlineData("\uFEFFr1[0]=A")]
    [InlineData("# a comment\n\n  # another\nr1[0]=A")]
    public void Quotes_blanks_and_comments_do_not_matter(string labConf)
    {
        using var folder = new LabFolder(labConf);

        folder.Read().Nodes.Single().Interfaces.Single().Lan.Should().Be("A");
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\n")]
    public void Ends_of_lines_and_byte_order_marks_of_any_system_do_not_matter(string end)
    {
        var lines = (string[])["LAB_NAME=\"x\"", "r1[0]=\"A\"", "r1[exec]=\"true\"", "h1[0]=A", "h1[image]=\"multicast-lab/host\"", ""];
        using var folder = new LabFolder("\uFEFF" + string.Join(end, lines))
            .Write("lab.dep", $"\uFEFFh1: r1{end}").Write("r1.startup", $"\uFEFFtrue{end}");

        var lab = folder.Read();

        lab.Name.Should().Be("x");
        lab.Lans.Should().Equal("A");
        lab.Nodes.Select(each => (each.Name, each.Kind)).Should().Equal(("r1", NodeKind.Plain), ("h1", NodeKind.Host));
        lab.Nodes[0].Options["exec"].Should().Equal("true");
        lab.Nodes[1].StartsAfter.Should().Equal("r1");
        lab.Warnings.Should().BeEmpty();
    }

    /// <summary>Each is accepted by Kathará's own parser and, where that looks at the value only later, by what reads the option.</summary>
    [Theory]
    [InlineData("mem", "24")]
    [InlineData("mem", "\"256\"")]
    [InlineData("mem", "128M")]
    [InlineData("mem", "4096 k")]
    [InlineData("mem", " 24")]
    [InlineData("mem", "\" 24m \"")]
    [InlineData("cpus", "0")]
    [InlineData("cpus", "1.5")]
    [InlineData("cpus", "2e-1")]
    [InlineData("num_terms", "0")]
    [InlineData("bridged", "Yes")]
    [InlineData("privileged", "OFF")]
    [InlineData("port", "80/UDP")]
    [InlineData("port", "3000:80")]
    [InlineData("ulimit", "memlock=-1:-1")]
    [InlineData("ulimit", "nofile=1024")]
    [InlineData("volume", "/a|/b")]
    [InlineData("volume", "/a||/b|ro|")]
    [InlineData("shell", "/bin/bash -l")]
    [InlineData("entrypoint", "sleep infinity")]
    [InlineData("args", "--flag value")]
    public void What_Kathara_accepts_of_an_option_is_accepted(string option, string value)
    {
        using var folder = new LabFolder($"r1[0]=A\nr1[{option}]={value}");

        folder.Errors().Should().BeEmpty();
        folder.Warnings().Should().Equal($"lab.conf:2:4: the option '{option}' has no effect here");
    }

    [Theory]
    [InlineData("image", "\"kathara/base \"", "kathara/base")]
    [InlineData("image", " kathara/base", "kathara/base")]
    [InlineData("exec", "echo Hi > /tmp/x", "echo Hi > /tmp/x")]
    [InlineData("env", "A=b c", "A=b c")]
    [InlineData("env", "A=", "A=")]
    [InlineData("sysctl", "net.ipv4.ip_forward=", "net.ipv4.ip_forward=")]
    [InlineData("sysctl", "\"net.ipv4.tcp_rmem=4096 87380 6291456\"", "net.ipv4.tcp_rmem=4096 87380 6291456")]
    public void Blanks_around_the_value_of_an_option_are_no_part_of_it(string option, string value, string read)
    {
        using var folder = new LabFolder($"r1[0]=A\nr1[{option}]={value}");

        folder.Read().Nodes.Single().Options[option].Should().Equal(read);
        folder.Warnings().Should().BeEmpty();
    }

    [Theory]
    [InlineData("r1[cpu]=\"2\"", "2:4: 'cpu' is neither an interface number nor an option, and has no effect; did you mean 'cpus'?")]
    [InlineData("r1[imgae]=x", "2:4: 'imgae' is neither an interface number nor an option, and has no effect; did you mean 'image'?")]
    [InlineData("r1[frobnicate]=x", "2:4: 'frobnicate' is neither an interface number nor an option, and has no effect")]
    [InlineData("LAB_VERSION=1\nLAB_VERSION=2", "3:1: 'LAB_VERSION' was '1' and is now '2'")]
    [InlineData("LAB_AUTHOR=\"me", "2:12: the quote \" is not closed at the end of the value: all quotes are left out")]
    [InlineData("LAB_AUTHOR=\"me\" and you", "2:12: the quote \" is not closed at the end of the value: all quotes are left out")]
    public void What_Kathara_passes_over_is_a_warning(string line, string warning)
    {
        using var folder = new LabFolder("r1[0]=A\n" + line);

        folder.Errors().Should().BeEmpty();
        folder.Warnings().Should().Equal("lab.conf:" + warning);
    }

    [Theory]
    [InlineData("LAB_EMAIL=", "")]
    [InlineData("LAB_EMAIL=\"\"", "")]
    [InlineData("LAB_EMAIL=''  # none", "")]
    [InlineData("LAB_EMAIL=  a@example.org", "a@example.org")]
    [InlineData("LAB_EMAIL=a@example.org and others # not all", "a@example.org and others")]
    [InlineData("LAB_EMAIL=\"the author's\"", "the author's")]
    [InlineData("LAB_EMAIL=\"me\" and 'you'", "me and you")]
    public void A_meta_line_is_read_as_leniently_as_Kathara_does(string line, string value)
    {
        using var folder = new LabFolder(line + "\nr1[0]=A");

        folder.Read().Meta["LAB_EMAIL"].Should().Be(value);
    }

    [Fact]
    public void An_empty_LAB_NAME_is_none()
    {
        using var folder = new LabFolder("LAB_NAME=\"\"\na[0]=A");

        folder.Read().Name.Should().Be("lab");
    }

    [Theory]
    [InlineData("A/02:00:00:00:00:0a")]
    [InlineData("A//02:00:00:00:00:0A")]
    [InlineData("/A/02:00:00:00:00:0a/")]
    public void A_MAC_address_follows_the_LAN_after_slashes(string value)
    {
        using var folder = new LabFolder($"r1[0]=\"{value}\"");

        folder.Read().Nodes.Single().Interfaces.Single().Should().Be(new Attachment("eth0", "A", new MacAddress(0x02_00_00_00_00_0A)));
    }

    [Fact]
    public void Interfaces_are_sorted_by_number_and_may_be_given_in_any_order()
    {
        using var folder = new LabFolder(
            "r1[2]=C\nr1[0]=A\nr1[10]=K\nr1[1]=B\n" + string.Concat(Enumerable.Range(3, 7).Select(n => $"r1[{n}]=L{n}\n")));

        folder.Read().Nodes.Single().Interfaces.Select(each => each.Interface)
            .Should().Equal("eth0", "eth1", "eth2", "eth3", "eth4", "eth5", "eth6", "eth7", "eth8", "eth9", "eth10");
    }

    [Theory]
    [InlineData("multicast-lab/router", NodeKind.Router)]
    [InlineData("multicast-lab/host", NodeKind.Host)]
    [InlineData("multicast-lab/switch", NodeKind.Switch)]
    [InlineData("registry.example:5000/multicast-lab/router:1.2", NodeKind.Router)]
    [InlineData("kathara/frr", NodeKind.Plain)]
    [InlineData("kathara/router-x", NodeKind.Plain)]
    [InlineData("router", NodeKind.Plain)]
    public void The_image_says_what_a_node_is(string image, NodeKind kind)
    {
        using var folder = new LabFolder($"n[0]=A\nn[image]=\"{image}\"");

        folder.Read().Nodes.Single().Kind.Should().Be(kind);
    }

    [Fact]
    public void A_node_without_an_image_is_plain()
    {
        using var folder = new LabFolder("n[0]=A");

        folder.Read().Nodes.Single().Kind.Should().Be(NodeKind.Plain);
    }

    [Fact]
    public void Derived_MAC_addresses_are_stable_local_unicast_and_all_different()
    {
        const string conf = "LAB_NAME=x\na[0]=A\na[1]=B\nb[0]=A\nc[0]=A/02:00:00:00:00:0c";
        using var folder = new LabFolder(conf);
        using var sameName = new LabFolder(conf);
        using var otherName = new LabFolder(conf.Replace("=x", "=y", StringComparison.Ordinal));

        MacAddress[] Macs(LabFolder lab) => [.. lab.Read().Nodes.SelectMany(node => node.Interfaces).Select(each => each.Mac)];

        Macs(folder).Should().Equal(Macs(sameName)).And.OnlyHaveUniqueItems();
        Macs(folder).Should().OnlyContain(mac => (mac.Bits >> 40 & 3) == 2, "bit 1 is 'locally administered', bit 0 'group'");
        Macs(folder)[0].Should().NotBe(Macs(otherName)[0]);
        Macs(folder)[3].ToString().Should().Be("02:00:00:00:00:0c");
    }

    [Fact]
    public void Without_LAB_NAME_the_lab_is_called_as_its_folder()
    {
        using var folder = new LabFolder("a[0]=A");

        folder.Read().Name.Should().Be("lab");
        TopologyReader.Read(folder.Path + "/").Name.Should().Be("lab");
    }

    [Fact]
    public void Files_and_folders_of_nodes_are_found()
    {
        using var folder = new LabFolder("r1[0]=A\nr2[0]=A")
            .Write("r1.startup", "true").Write("r1.shutdown", "true").Write("r1/etc/x", "y")
            .Write("shared.startup", "true").Write("shared.shutdown", "true").Write("shared/z", "");

        var lab = folder.Read();

        string At(string name) => Path.Combine(folder.Path, name);
        lab.Nodes[0].StartupFile.Should().Be(At("r1.startup"));
        lab.Nodes[0].ShutdownFile.Should().Be(At("r1.shutdown"));
        lab.Nodes[0].OverlayDirectory.Should().Be(At("r1"));
        lab.Nodes[1].Should().Match<Node>(node => node.StartupFile == null && node.ShutdownFile == null && node.OverlayDirectory == null);
        lab.SharedStartupFile.Should().Be(At("shared.startup"));
        lab.SharedShutdownFile.Should().Be(At("shared.shutdown"));
        lab.SharedDirectory.Should().Be(At("shared"));
        lab.Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Repeated_options_add_up_or_replace_as_in_Kathara()
    {
        using var folder = new LabFolder("""
            r1[0]=A
            r1[exec]="first"
            r1[exec]="first"
            r1[env]="A=1"
            r1[env]="B=2"
            r1[env]="A=3"
            r1[image]="a/host"
            r1[image]="a/router"
            """);

        var node = folder.Read().Nodes.Single();

        node.Options["exec"].Should().Equal("first", "first");
        node.Options["env"].Should().Equal("A=3", "B=2");
        node.Kind.Should().Be(NodeKind.Router);
        folder.Warnings().Should().Equal(
            "lab.conf:6:4: 'env' of 'r1' was 'A=1' and is now 'A=3'",
            "lab.conf:8:4: 'image' of 'r1' was 'a/host' and is now 'a/router'");
    }

    [Fact]
    public void What_reads_as_a_slip_is_warned_of()
    {
        using var folder = new LabFolder("router1[0]=A/02:00:00:00:00:01\nb[0]=A/02:00:00:00:00:01\nruoter1[image]=a/router")
            .Write("router.startup", "").Write("zzz.shutdown", "").Write("lab.ext", "A eth0");

        folder.Warnings().Should().Equal(
            "lab.conf:2:3: 02:00:00:00:00:01 is already used on LAN 'A'",
            "lab.conf:3:1: 'ruoter1' has no interface; did you mean 'router1'?",
            "lab.ext:1:1: interfaces of this machine are not attached to LANs: lab.ext has no effect here",
            "router.startup:1:1: lab.conf has no node 'router': this file is never run; did you mean 'router1'?",
            "zzz.shutdown:1:1: lab.conf has no node 'zzz': this file is never run");
    }

    [Theory]
    [InlineData("querier-election", "sw r1 r2 r3 h1 h2")]
    [InlineData("leave-with-gsq", "r1 h1 h2 source")]
    [InlineData("block-old-sources", "r1 r2 h1 h2 source")]
    public void The_labs_of_this_project_are_sound(string scenario, string startOrder)
    {
        var lab = TopologyReader.Read(Path.Combine(Repository.Root, "topologies", scenario));

        lab.Name.Should().Be(scenario);
        lab.Warnings.Should().BeEmpty();
        string.Join(' ', lab.StartOrder.Select(node => node.Name)).Should().Be(startOrder);
        lab.Nodes.Should().OnlyContain(node => node.StartupFile != null && node.Kind != NodeKind.Plain);
    }
}
