using FluentAssertions;
using MulticastLab.Forwarding;
using MulticastLab.Packets.Text;
using Xunit;

namespace MulticastLab.Tests.Forwarding;

/// <summary>Static multicast routes in pygmp's INI format.</summary>
public sealed class PygmpFileTests
{
    [Fact]
    public void Pygmps_form_is_read()
    {
        const string Text = """
            # static multicast routing
            [phyints]
            names = a1, a2,a3

            [mroute_1]
            from = a1
            group = 239.0.0.1
            to = a2=4,
                 a3
            [mroute_any]
            ; without a source
            From: a2
            group: 239.1.0.1/24
            source: 192.0.2.1
            to: a1
            """;

        var file = PygmpFile.Read("simple.ini", Text);

        file.Interfaces.Should().Equal("a1", "a2", "a3");
        file.Routes.Select(each => each.ToString()).Should().Equal("(*, 239.0.0.1) a1 -> a2=4 a3", "(192.0.2.1, 239.1.0.0/24) a2 -> a1");
    }

    [Fact]
    public void Where_interfaces_are_named_is_known()
    {
        const string Text = "# two\n[phyints]\n\tNames :  a1 ,a2,\n   a3,, a4\n";

        PygmpFile
            .Read("simple.ini", Text)
            .Places.Should()
            .Equal(
                new Dictionary<string, FilePlace>
                {
                    ["a1"] = new("simple.ini", 3, 11),
                    ["a2"] = new("simple.ini", 3, 15),
                    ["a3"] = new("simple.ini", 4, 4),
                    ["a4"] = new("simple.ini", 4, 9),
                });
    }

    [Fact]
    public void All_that_is_wrong_with_pygmps_form_is_told_at_once_with_file_and_line()
    {
        const string Text = """
            names = a1
            [phyints]
            names = a1,a2,a1
            [mroute_1]
            from = a1
            group = 10.0.0.1
            to = a2
            [mroute_2]
            from = a1
            grup = 239.0.0.1
            to = a2
            [mroute_3]
            from = a1
            group = 239.0.0.3
            to = a9
            to = a2
            what
            [mroute_4]
            from = a2
            group = 239.0.0.3
            to = a1
            [phyint]
            """;

        Text.Invoking(text => PygmpFile.Read("simple.ini", text)).Should().Throw<InvalidFileException>().WithMessage("""
            simple.ini:1:1: a section such as [phyints] must come first
            simple.ini:3:1: a1 is named twice
            simple.ini:4:1: [mroute_1]: group 10.0.0.1 is not within 224.0.0.0/4
            simple.ini:8:1: [mroute_2]: 'group' is missing
            simple.ini:10:1: [mroute_2] has no 'grup'; did you mean group?
            simple.ini:12:1: [mroute_3]: a9 is not among the names of [phyints]
            simple.ini:16:1: 'to' is here twice, first in line 15
            simple.ini:17:1: 'what' is neither [section] nor key = value
            simple.ini:18:1: [mroute_4]: [mroute_3] in line 12 is for the same source and group
            simple.ini:22:1: there is no section [phyint], only [phyints] and [mroute_…]
            """);
    }
}
