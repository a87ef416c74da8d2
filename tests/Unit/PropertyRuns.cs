using System.Globalization;
using System.Security.Cryptography;
using FsCheck;
using Microsoft.FSharp.Core;
using Xunit;

namespace MulticastLab.Tests;

/// <summary>Checks of properties on random input. The seed of a run is in the output of each such test, and can be set.</summary>
internal static class PropertyRuns
{
    /// <summary>The environment variable that, set to the number that a run has printed, makes it all come again.</summary>
    private const string SeedVariable = "MULTICASTLAB_SEED";

    private static readonly ulong Seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } told
        ? ulong.Parse(told, CultureInfo.InvariantCulture)
        : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Checks the property on so many inputs.</summary>
    public static void Holds(this Property property, int times = 100)
    {
        var replay = new Replay(new Rnd(Seed), FSharpOption<int>.None);
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={Seed}");
        try
        {
            property.Check(Config.QuickThrowOnFailure.WithMaxTest(times).WithReplay(replay));
        }
        catch (Exception failure)
        {
            Assert.Fail($"With {SeedVariable}={Seed} this comes again: {failure.Message}");
        }
    }
}
