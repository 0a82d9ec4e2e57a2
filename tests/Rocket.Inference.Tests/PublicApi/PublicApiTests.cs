namespace Rocket.Inference.Tests.PublicApi;

public sealed class PublicApiTests
{
    [Fact]
    public void It_is_the_one_in_the_repository() => Rocket.Tests.PublicApi.Verify(typeof(RocketModel).Assembly);
}
