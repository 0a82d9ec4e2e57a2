using Rocket.Models.Diagnostics;

namespace Rocket.Pipeline.Diagnostics;

/// <summary>Errors of the remote cache's settings, RKT5011 to RKT5019. What its server does is never an error.</summary>
public static class RemoteErrors
{
    /// <summary>RKT5011: the netrc cannot be read.</summary>
    public static RocketException NetrcUnreadable(string path, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new("RKT5011", $"The netrc file \"{path}\" cannot be read: {cause.Message} Check its permissions, or name another file in NETRC.", new SourceLocation(path), cause);
    }

    /// <summary>RKT5012: credentials would go over the network unencrypted.</summary>
    public static RocketException PlainCredentials(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new("RKT5012", $"Credentials for {address.Host} would go over plain HTTP. Use https, or remove them from the environment and the netrc.");
    }
}
