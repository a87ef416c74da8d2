using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MulticastLab.LabRunner.Doctor;

/// <summary>
/// Tries what a lab needs rather than guess from versions: a throw-away network namespace in which a bridge, a veth pair and the rest are
/// really created. Nothing of it outlives the trial.
/// </summary>
internal static class Examination
{
    // One line per trial: "name ok" or "name <reason>".
    private const string Trial = """
        overlay() {
          mount -t tmpfs none /tmp && mkdir /tmp/upper /tmp/work /tmp/merged &&
            mount -t overlay overlay -o userxattr,lowerdir=/etc,upperdir=/tmp/upper,workdir=/tmp/work /tmp/merged
        }
        try() { name=$1; shift; if reason=$("$@" 2>&1); then echo "$name ok"; else echo "$name $reason" | head -n 1; fi; }
        try bridge ip link add trial0 type bridge mcast_snooping 1
        try veth ip link add trial1 type veth peer name trial2
        try ipmr test -e /proc/net/ip_mr_vif
        try overlay overlay
        """;

    /// <summary>All checks, in the order in which they matter.</summary>
    public static async Task<IReadOnlyList<Finding>> Run(CancellationToken cancellation)
    {
        var findings = new List<Finding> { Kernel(), Programs(), Privilege() };
        var (ip, unshare, nsenter) = (Tool.Find("ip"), Tool.Find("unshare"), Tool.Find("nsenter"));
        findings.Add(await Required("ip", ip, "-V", "iproute2", cancellation).ConfigureAwait(false));
        findings.Add(await Required("unshare", unshare, "--version", "util-linux", cancellation).ConfigureAwait(false));
        findings.Add(await Required("nsenter", nsenter, "--version", "util-linux", cancellation).ConfigureAwait(false));
        if (ip is not null && unshare is not null)
            findings.AddRange(await Namespaces(unshare, cancellation).ConfigureAwait(false));
        findings.Add(
            await Optional("tshark", "--version", "the tests' second opinion on captures; apt-get install tshark", cancellation)
                .ConfigureAwait(false));
        findings.Add(Docker());
        return findings;
    }

    private static Finding Kernel()
    {
        var found = $"{RuntimeInformation.OSDescription}, .NET {Environment.Version}";
        return OperatingSystem.IsLinux()
            ? new Finding("kernel", Health.Ok, found)
            : new Finding("kernel", Health.Missing, found, "labs in namespaces need Linux; --engine simulated runs anywhere");
    }

    /// <summary>How the programs were built: native ones start in a tenth of the time and take a third of the memory.</summary>
    private static Finding Programs()
    {
        var folder = AppContext.BaseDirectory.TrimEnd('/');
        if (!RuntimeFeature.IsDynamicCodeSupported)
            return new Finding("programs", Health.Ok, $"native: {folder}");
        // The script that has built them knows.
        var reason = Environment.GetEnvironmentVariable("MULTICAST_LAB_NOT_NATIVE") is { Length: > 0 } told
            ? told
            : "they were published with -p:PublishAot=false, or not at all";
        var linker = (Tool.Find("clang") ?? Tool.Find("gcc")) is not null && Tool.Find("objcopy") is not null;
        return new Finding("programs", Health.OptionalMissing, $"run by .NET, not native: {reason}", linker
            ? "MULTICAST_LAB_BUILD=native ./labrunner doctor builds them and says what is in the way"
            : "sudo apt-get install gcc libc6-dev");
    }

    private static Finding Privilege()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return MissingCapabilities() is { Count: > 0 } missing
                ? new Finding("privilege", Health.Missing, $"root without {string.Join(", ", missing)}",
                    $"in a container: docker run {string.Join(' ', missing.Select(each => $"--cap-add {each}"))}, or --privileged")
                : new Finding("privilege", Health.Ok, "root");
        }

        if (Read("/proc/sys/user/max_user_namespaces") == "0")
        {
            return new Finding("privilege", Health.Missing, "user namespaces are turned off (user.max_user_namespaces = 0)",
                "sudo sysctl user.max_user_namespaces=10000, or run labrunner as root");
        }

        if (Read("/proc/sys/kernel/unprivileged_userns_clone") == "0")
        {
            return new Finding(
                "privilege", Health.Missing, "ordinary users may not make user namespaces (kernel.unprivileged_userns_clone = 0)",
                "sudo sysctl kernel.unprivileged_userns_clone=1, or run labrunner as root");
        }

        if (Read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1")
        {
            return new Finding(
                "privilege", Health.Missing, "AppArmor restricts user namespaces (kernel.apparmor_restrict_unprivileged_userns = 1)",
                "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or run labrunner as root");
        }

        return new Finding("privilege", Health.Ok, "ordinary user, in a user namespace");
    }

    /// <summary>The capabilities that labs need and this process lacks.</summary>
    private static List<string> MissingCapabilities()
    {
        var line =
            File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal))
            ?? "CapEff:\t0";
        var bits = ulong.Parse(line.AsSpan("CapEff:".Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return
        [
            .. new[] { ("NET_ADMIN", 12), ("NET_RAW", 13), ("SYS_ADMIN", 21) }
                .Where(each => (bits >> each.Item2 & 1) == 0)
                .Select(each => each.Item1),
        ];
    }

    private static async Task<IEnumerable<Finding>> Namespaces(string unshare, CancellationToken cancellation)
    {
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--user", "--map-root-user"];
        var (code, text) = await Tool.Run(
                unshare,
                [.. user, "--net", "--mount", "--uts", "--pid", "--fork", "sh", "-c", Trial],
                cancellation)
            .ConfigureAwait(false);
        if (code != 0)
        {
            return
            [
                new Finding("namespaces", Health.Missing, text.Split('\n')[0],
                    "run as root with CAP_SYS_ADMIN (docker: --privileged), or allow user namespaces to ordinary users"),
            ];
        }

        return text.Split('\n').Select(line => line.Split(' ', 2)).Where(parts => parts.Length == 2)
            .Select(parts => parts[1] == "ok"
                ? new Finding(parts[0], Health.Ok, "works in a new namespace")
                : new Finding(parts[0], Health.Missing, parts[1], Remedy(parts[0])))
            .Prepend(new Finding("namespaces", Health.Ok, "net, mount, uts, pid" + (user.Length > 0 ? ", user" : "")));
    }

    private static string Remedy(string trial) => trial switch
    {
        "bridge" => "sudo modprobe bridge",
        "veth" => "sudo modprobe veth",
        "ipmr" => "use a kernel with CONFIG_IP_MROUTE",
        _ => "use a kernel with overlayfs (5.11 or later for ordinary users)",
    };

    private static async Task<Finding> Required(
        string name, string? path, string version, string package, CancellationToken cancellation) =>
        path is null
            ? new Finding(name, Health.Missing, "not found", $"sudo apt-get install {package}")
            : new Finding(name, Health.Ok, $"{path}: {await Version(path, version, cancellation).ConfigureAwait(false)}");

    private static async Task<Finding> Optional(string name, string version, string use, CancellationToken cancellation) =>
        Tool.Find(name) is { } path
            ? new Finding(name, Health.Ok, $"{path}: {await Version(path, version, cancellation).ConfigureAwait(false)}")
            : new Finding(name, Health.OptionalMissing, "not found", use);

    private static async Task<string> Version(string path, string option, CancellationToken cancellation)
    {
        var (_, text) = await Tool.Run(path, [option], cancellation).ConfigureAwait(false);
        return text.Split('\n').FirstOrDefault(line => line.Any(char.IsAsciiDigit)) ?? "no version reported";
    }

    private static Finding Docker()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
        var path = host.StartsWith("unix://", StringComparison.Ordinal) ? host["unix://".Length..] : null;
        return path is null || File.Exists(path)
            ? new Finding("docker", Health.Ok, host)
            : new Finding(
                "docker", Health.OptionalMissing, $"no socket at {path}",
                "only --engine docker will need it, and this version has no such engine yet");
    }

    private static string? Read(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;
}
