namespace Rocket.Pipeline.Sources.Hub;

/// <summary>How this machine reaches the Hugging Face hub.</summary>
/// <param name="Endpoint">Its address.</param>
/// <param name="CacheFolder">Where its files are kept.</param>
/// <param name="HasToken">Whether there is a token; which one is nobody's business.</param>
/// <param name="IsOffline">Whether nothing may be fetched.</param>
public sealed record HubStatus(string Endpoint, string CacheFolder, bool HasToken, bool IsOffline)
{
    /// <summary>Reads the environment.</summary>
    /// <exception cref="Models.Diagnostics.RocketException">RKT2355: HF_ENDPOINT is no address.</exception>
    public static HubStatus OfEnvironment()
    {
        HubSettings settings = HubSettings.Read(Environment.GetEnvironmentVariable);
        return new HubStatus(settings.Endpoint.AbsoluteUri.TrimEnd('/'), settings.CacheFolder, settings.Token is not null, settings.IsOffline);
    }
}
