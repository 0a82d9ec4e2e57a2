using Microsoft.Extensions.AI;
using Rocket.Inference.Chat;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Rocket's chat client.</summary>
public static class RocketChatServices
{
    /// <summary>Registers an <see cref="IChatClient"/> that loads a model's folder on first use and lives as long as the container.</summary>
    /// <param name="folder">The model's folder, dense or an artifact.</param>
    /// <param name="options">How to chat; null: the defaults.</param>
    public static IServiceCollection AddRocketChatClient(this IServiceCollection services, string folder, RocketChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return services.AddSingleton<IChatClient>(_ => RocketChatClient.Load(folder, options));
    }
}
