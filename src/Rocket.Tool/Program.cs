using Rocket.Tool.Commands;
using Rocket.Tool.Output;

using var interruption = new Interruption();
return await RocketCommand.RunAsync(args, Terminal.OfProcess(), interruption.Token);
