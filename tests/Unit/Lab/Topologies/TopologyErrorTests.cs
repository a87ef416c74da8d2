using System.Text;
using FluentAssertions;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets.Text;
using Xunit;

namespace MulticastLab.Tests.Lab.Topologies;

/// <summary>Every way in which a folder can be invalid: the reported position, and the suggestion.</summary>
public sealed class TopologyErrorTests
{
    [Theory]
    [InlineData("", "1:1: the lab has no node: a line like node[0]=\"A\" makes one")]
    [InlineData("# nothing\nLAB_NAME=x", "1:1: the lab has no node: a line like node[0]=\"A\" makes one")]
    [InlineData("[0]=A", "1:1: a line begins with a node's name or LAB_…, not with '['")]
    [InlineData("r1", "1:3: 'r1' is followed by neither '[' nor, as LAB_NAME and its like are, by '='; did you mean 'r1[0]='?")]
    [InlineData("r1=A", "1:3: 'r1' is followed by neither '[' nor, as LAB_NAME and its like are, by '='; did you mean 'r1[0]='?")]
    [InlineData("r1[]=A", "1:4: an interface number or an option name is missing in the brackets; did you mean 'r1[0]'?")]
    [InlineData("r1[0=A", "1:5: ']' is missing after the interface number or option name; did you mean 'r1[0]='?")]
    [InlineData("r1[0]", "1:6: '=' is missing; did you mean 'r1[0]='?")]
    [InlineData("r1[0] = A", "1:6: no blanks are allowed before '='; did you mean 'r1[0]='?")]
    [InlineData("r1[0]= A", "1:7: no blanks are allowed after '='")]
    [InlineData("r1[0]=", "1:7: the value is missing")]
    [InlineData("r1[0]=\"\"", "1:8: the value is empty")]
    [InlineData("r1[0]=\"A", "1:7: the quote \" is not closed")]
    [InlineData("r1[0]=\"A'", "1:7: the quote \" is not closed")]
    [InlineData("r1[0]=\"A\" B", "1:10: only a comment, after a blank, may follow the closing quote")]
    [InlineData("r1[0]=\"A\"# B", "1:10: only a comment, after a blank, may follow the closing quote")]
    [InlineData("r1[0]=A\"", "1:8: a value cannot hold a quote")]
    [InlineData("LAB_NMAE=x\nr1[0]=A", "1:1: 'LAB_NMAE' is not a meta line; did you mean 'LAB_NAME'?")]
    [InlineData("shared[0]=A", "1:1: 'shared' is a reserved name and cannot be a node's")]
    [InlineData("  R-1[0]=A", "1:3: 'R-1' is not a node name: 1 to 30 of a-z, 0-9 and _; did you mean 'r_1'?")]
    [InlineData(
        "a234567890123456789012345678901[0]=A", "1:1: 'a234567890123456789012345678901' is not a node name: 1 to 30 of a-z, 0-9 and _")]
    [InlineData("r1[0]=A.B", "1:7: 'A.B' is not a LAN name: letters, digits and _; did you mean 'A_B'?")]
    [InlineData("r1[0]=/02:00:00:00:00:01", "1:7: '' is not a LAN name: letters, digits and _")]
    [InlineData(
        "r1[0]=\"A/02-00-00-00-00-1\"",
        "1:10: '02-00-00-00-00-1' is not a MAC address: six pairs of hex digits with colons; did you mean '02:00:00:00:00:01'?")]
    [InlineData("r1[0]=A/zz", "1:9: 'zz' is not a MAC address: six pairs of hex digits with colons")]
    [InlineData("r1[0]=A/", "1:9: '' is not a MAC address: six pairs of hex digits with colons")]
    [InlineData("r1[0]=A/01:00:5e:00:00:01", "1:9: '01:00:5e:00:00:01' cannot be an interface's MAC address: it is a group address")]
    [InlineData("r1[0]=A/00:00:00:00:00:00", "1:9: '00:00:00:00:00:00' cannot be an interface's MAC address: it is all zero")]
    [InlineData("r1[0]=A\nr1[0]=B", "2:4: interface 0 of 'r1' is already given in line 1")]
    [InlineData("r1[0]=A\nr1[1]=A", "2:7: 'r1' is already attached to LAN 'A' in line 1")]
    [InlineData("r1[0]=A\nr1[2]=B\nr1[3]=C", "2:4: 'r1' has an interface 2 but no interface 1; did you mean r1[1]?")]
    [InlineData("r1[1]=A", "1:4: 'r1' has an interface 1 but no interface 0; did you mean r1[0]?")]
    [InlineData("r1[99999999999]=A", "1:4: '99999999999' is too large for an interface number")]
    [InlineData("r1[0]=A\nr1[im-gae]=x", "2:4: 'im-gae' is neither an interface number nor an option; did you mean 'image'?")]
    [InlineData("r1[-1]=A", "1:4: '-1' is neither an interface number nor an option")]
    [InlineData("r1[0]=A\nr1[mem]= \"24\"", "2:9: no blanks are allowed after '='")]
    [InlineData("r1[0]=A\nr1[mem]=\" \"", "2:10: the value is empty")]
    [InlineData("r1[0]=\"A \"", "1:8: 'A ' is not a LAN name: letters, digits and _; did you mean 'A_'?")]
    [InlineData("r1[0]=//", "1:7: '' is not a LAN name: letters, digits and _")]
    [InlineData("r1[0]=A//zz", "1:10: 'zz' is not a MAC address: six pairs of hex digits with colons")]
    [InlineData("r1[0]=A\nr1[sysctl]=\"kernel.panic=1\"", "2:13: 'kernel.panic=1' is not a value of 'sysctl': net.NAME=VALUE")]
    [InlineData("r1[0]=A\nr1[env]=PATH", "2:9: 'PATH' is not a value of 'env': NAME=VALUE")]
    [InlineData("r1[0]=A\nr1[bridged]=maybe", "2:13: 'maybe' is not a value of 'bridged': true or false")]
    [InlineData("r1[0]=A\nr1[mem]=lots", "2:9: 'lots' is not a value of 'mem': a number with b, k, m (as without) or g")]
    [InlineData("r1[0]=A\nr1[cpus]=-1", "2:10: '-1' is not a value of 'cpus': a number, not negative")]
    [InlineData("r1[0]=A\nr1[cpus]=Infinity", "2:10: 'Infinity' is not a value of 'cpus': a number, not negative")]
    [InlineData("r1[0]=A\nr1[cpus]=NaN", "2:10: 'NaN' is not a value of 'cpus': a number, not negative")]
    [InlineData("r1[0]=A\nr1[mem]=1.5g", "2:9: '1.5g' is not a value of 'mem': a number with b, k, m (as without) or g")]
    [InlineData("r1[0]=A\nr1[cpus]=1,5", "2:10: '1,5' is not a value of 'cpus': a number, not negative")]
    [InlineData("r1[0]=A\nr1[port]=80/icmp", "2:10: '80/icmp' is not a value of 'port': [HOST:]GUEST[/tcp|udp|sctp]")]
    [InlineData("r1[0]=A\nr1[num_terms]=x", "2:15: 'x' is not a value of 'num_terms': a number")]
    [InlineData("r1[0]=A\nr1[ulimit]=memlock", "2:12: 'memlock' is not a value of 'ulimit': NAME=SOFT[:HARD]")]
    [InlineData("r1[0]=A\nr1[volume]=/a|/b|wo", "2:12: '/a|/b|wo' is not a value of 'volume': HOST|GUEST[|ro, rw or rx]")]
    [InlineData("r1[0]=A\nr1[volume]=/a", "2:12: '/a' is not a value of 'volume': HOST|GUEST[|ro, rw or rx]")]
    public void A_wrong_lab_conf_is_said_to_be_wrong_there(string labConf, string error)
    {
        using var folder = new LabFolder(labConf);

        folder.Errors().Should().Equal("lab.conf:" + error);
    }

    [Fact]
    public void All_errors_are_told_not_only_the_first()
    {
        using var folder = new LabFolder("r1[0]=A\nr1[2]=B\nr1[im-gae]=x\nr2[0]=\"A\n");

        folder.Errors().Select(error => error.Split(' ')[0]).Should().Equal("lab.conf:2:4:", "lab.conf:3:4:", "lab.conf:4:7:");
    }

    [Fact]
    public void The_problem_names_the_file_by_its_path()
    {
        using var folder = new LabFolder("oops");

        folder.Invoking(each => each.Read()).Should().Throw<InvalidFileException>()
            .Which.Message.Should().StartWith(Path.Combine(folder.Path, "lab.conf") + ":1:5: ");
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_an_error_where_it_is_not()
    {
        using var folder = new LabFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "lab.conf"), [.. "r1[0]=A\n# caf"u8, 0xE9, (byte)'\n']);

        folder.Errors().Should().Equal("lab.conf:2:6: the file is not UTF-8 text here");
    }

    [Fact]
    public void A_missing_lab_conf_is_an_error_with_the_file_that_was_probably_meant()
    {
        using var folder = new LabFolder().Write("lab.conf2", "r1[0]=A");

        folder.Errors().Should().Equal("lab.conf:1:1: the folder holds no lab.conf; did you mean 'lab.conf2'?");
    }

    [Fact]
    public void A_missing_folder_is_an_error_with_the_folder_that_was_probably_meant()
    {
        using var folder = new LabFolder("r1[0]=A");
        var typed = Path.Combine(Path.GetDirectoryName(folder.Path)!, "labb");

        FluentActions.Invoking(() => TopologyReader.Read(typed)).Should().Throw<InvalidFileException>()
            .Which.Message.Should().Be($"{typed}:1:1: there is no such folder; did you mean 'lab'?");
    }

    [Theory]
    [InlineData("a b", "1:1: a line reads 'node: node1 node2 …'; did you mean 'a:'?")]
    [InlineData(": a", "1:1: one node's name stands before ':'")]
    [InlineData("a b: c", "1:3: one node's name stands before ':'")]
    [InlineData("a:", "1:3: the nodes that 'a' is started after are missing")]
    [InlineData("a: a", "1:4: nodes wait for each other: a → a")]
    [InlineData("a: b\nb: c\nc: node2 a", "3:10: nodes wait for each other: a → b → c → a")]
    public void A_wrong_lab_dep_is_said_to_be_wrong_there(string labDep, string error)
    {
        using var folder = new LabFolder("a[0]=A\nb[0]=A\nc[0]=A\nnode2[0]=A").Write("lab.dep", labDep);

        folder.Errors().Should().Equal("lab.dep:" + error);
    }

    [Theory]
    [InlineData("r1.startup")]
    [InlineData("r1.shutdown")]
    [InlineData("shared.startup")]
    [InlineData("shared.shutdown")]
    public void A_script_that_is_not_text_is_an_error_and_a_file_of_no_node_is_not(string file)
    {
        using var folder = new LabFolder("r1[0]=A").Write("r2.startup", "\0");
        File.WriteAllBytes(Path.Combine(folder.Path, file), [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("true\r\n")]);

        folder.Errors().Should().Equal($"{file}:1:1: the file is UTF-16 text: save it as UTF-8");
    }

    [Theory]
    [InlineData("lab.conf")]
    [InlineData("lab.dep")]
    public void A_description_that_is_not_UTF_8_is_an_error(string file)
    {
        using var folder = new LabFolder("r1[0]=A");
        File.WriteAllBytes(Path.Combine(folder.Path, file), Encoding.Unicode.GetBytes("r1[0]=A"));

        folder.Errors().Should().Equal($"{file}:1:1: the file is UTF-16 text: save it as UTF-8");
    }
}
