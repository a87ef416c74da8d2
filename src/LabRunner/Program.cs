namespace MulticastLab.LabRunner; internal static class Program { private static int Main() => 2; }
