using System.CommandLine;
using WanTalk.GpuRunner.Processes;
using WanTalk.Local.Commands;

var root = new RootCommand("WanTalk: a portrait and a speech in, a lip-synced talking video out.")
{
    TalkCommand.Create(),
    PlanCommand.Create(),
    ResumeCommand.Create(),
    ServeCommand.Create(),
    KeyCommand.Create(),
    OpenApiCommand.Create(),
    DoctorCommand.Create(),
};
return await CommandLine.InvokeAsync(root, args);
