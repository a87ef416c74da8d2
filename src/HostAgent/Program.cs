namespace MulticastLab.HostAgent; internal static class Program { private static int Main() => 2; }
