using Rocket.Models.Checkpoints;

namespace Rocket.Models.Tests.PublicApi;

public sealed class PublicApiTests
{
    [Fact]
    public void It_is_the_one_in_the_repository() => Rocket.Tests.PublicApi.Verify(typeof(Checkpoint).Assembly);
}
