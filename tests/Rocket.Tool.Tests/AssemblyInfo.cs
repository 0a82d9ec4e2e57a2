using Rocket.Tool.Tests.Execution;

[assembly: AssemblyFixture(typeof(BuiltStories))]
