using FluentAssertions;
using Xunit;

namespace MulticastLab.Tests.Lab.Topologies;

/// <summary>The start order of <c>lab.dep</c> (kathara-lab.dep(5)).</summary>
public sealed class StartOrderTests
{
    private const string FiveNodes = "a[0]=A\nb[0]=A\nc[0]=A\nd[0]=A\ne[0]=A";

    [Theory]
    [InlineData("", "a b c d e")]
    [InlineData("# none\n", "a b c d e")]
    [InlineData("a: b c\nc: b", "b c a d e")]
    [InlineData("a:c\n", "c a b d e")]
    [InlineData("b: e\na: b\r\n", "e b a c d")]
    [InlineData("a: b\na: c", "b c a d e")]
    public void A_node_comes_after_those_it_depends_on_and_otherwise_as_in_lab_conf(string labDep, string order)
    {
        using var folder = new LabFolder(FiveNodes).Write("lab.dep", labDep);

        string.Join(' ', folder.Read().StartOrder.Select(node => node.Name)).Should().Be(order);
    }

    [Fact]
    public void A_node_tells_what_it_waits_for()
    {
        using var folder = new LabFolder(FiveNodes).Write("lab.dep", "a: c b c");

        folder.Read().Nodes.Select(node => string.Join(' ', node.StartsAfter)).Should().Equal("c b", "", "", "", "");
    }

    [Theory]
    [InlineData("# order\n\nnode1: a", "3:1: lab.conf has no node 'node1'; did you mean 'node2'?")]
    [InlineData("a: b  node1", "1:7: lab.conf has no node 'node1'; did you mean 'node2'?")]
    public void Nodes_that_are_not_there_are_passed_over_with_a_warning(string labDep, string warning)
    {
        using var folder = new LabFolder("a[0]=A\nb[0]=A\nnode2[0]=A").Write("lab.dep", labDep);

        folder.Warnings().Should().Equal("lab.dep:" + warning);
        folder.Read().StartOrder.Should().HaveCount(3);
        folder.Read().Nodes.SelectMany(each => each.StartsAfter).Where(each => each != "b").Should().BeEmpty();
    }
}
