using MulticastLab.Conformance;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Engines.Namespaces;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

Reexec.IntoUserNamespace();
if (args is [RunnerProcess.Argument, .. var rest])
    return await RunnerProcess.Run(rest);
if (args.Any(each => each is "--server" or "--internal-msbuild-node"))
    return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
return await ConsoleRunner.Run(args);
