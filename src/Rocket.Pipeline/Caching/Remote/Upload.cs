namespace Rocket.Pipeline.Caching.Remote;

/// <summary>An action that is to be sent.</summary>
internal sealed record Upload(Digest Key, ActionResult Result, Store Store);
