using MulticastLab.Robustness;
using MulticastLab.Robustness.Commands;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is [var command, .. var rest] && Command.All.TryGetValue(command, out var run))
    return run(new Options(command, rest));
if (args.Any(each => each is "--server" or "--internal-msbuild-node"))
    return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
return await ConsoleRunner.Run(args);
