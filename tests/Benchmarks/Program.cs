namespace MulticastLab.Benchmarks; internal static class Program { private static int Main() => 2; }
