using Rocket.Compression.Tests.Native;

[assembly: AssemblyFixture(typeof(LoadedLibTorch))]
