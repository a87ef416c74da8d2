using System.Globalization;
using FluentAssertions;
using MulticastLab.Linux.Namespaces;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>Processes held by descriptor: a number alone is not enough.</summary>
public sealed class ProcessReferenceTests
{
    [Fact]
    public void A_process_is_found_by_its_number_and_start_time()
    {
        using var self = ProcessReference.Current();

        using var found = ProcessReference.Find(self.Id, self.StartTime);

        found.Should().NotBeNull();
        found!.HasEnded.Should().BeFalse();
    }

    [Fact]
    public void A_number_that_has_passed_to_another_process_finds_nothing()
    {
        using var self = ProcessReference.Current();

        ProcessReference.Find(self.Id, self.StartTime - 1).Should().BeNull();
    }

    [Fact]
    public void A_number_that_has_passed_to_a_thread_finds_nothing()
    {
        var thread = Directory
            .GetDirectories("/proc/self/task")
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .First(id => id != Environment.ProcessId);

        ProcessReference.Find(thread).Should().BeNull();
    }
}
