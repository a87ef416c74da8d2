namespace MulticastLab.Forwarding;

/// <summary>What in <see cref="ForwardingOptions"/> is not possible.</summary>
/// <param name="Setting">The setting that it is about, as the configuration file calls it: static-routes, reverse-paths or
/// ttl-thresholds.</param>
/// <param name="Item">Which item of the setting's list, from 0.</param>
/// <param name="Message">Why, in human-readable form.</param>
public sealed record ForwardingObstacle(string Setting, int Item, string Message);
