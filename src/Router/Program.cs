namespace MulticastLab.Router; internal static class Program { private static int Main() => 2; }
