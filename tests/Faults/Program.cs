using WanTalk.Faults;
using Xunit.MicrosoftTestingPlatform;

return args is ["soak", .. var options]
    ? await SoakCommand.RunAsync(options)
    : await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
