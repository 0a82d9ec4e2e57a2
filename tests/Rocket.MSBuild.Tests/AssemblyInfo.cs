using Rocket.MSBuild.Tests.Execution;

[assembly: AssemblyFixture(typeof(PackedRocket))]
